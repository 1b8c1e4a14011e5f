//! Request bodies of any size: from memory, from a file or from a stream.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use super::media_type;
use super::progress::{Callback, Progress, observe};

/// How much of a file is read at a time.
const CHUNK: usize = 64 * 1024;

/// A request body.
///
/// A file is read while it is sent and never held in memory; its length is
/// sent ahead. Bodies from memory and from files can be sent again, a stream
/// cannot: a second send is an error.
///
/// ```
/// use sixclicks_core::Upload;
/// let small = Upload::from_bytes("id;name\n1;first\n");
/// let large = Upload::from_path("/var/backups/evidence.zip")
///     .with_progress(|at| println!("{} of {:?} bytes", at.transferred, at.total));
/// ```
#[derive(Clone)]
pub struct Upload {
    source: Source,
    content_type: Option<String>,
    progress: Option<Callback>,
}

type Chunks = BoxStream<'static, io::Result<Bytes>>;

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    File(PathBuf),
    Stream {
        chunks: Arc<Mutex<Option<Chunks>>>,
        length: Option<u64>,
    },
}

impl Upload {
    /// A body from memory.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Source::Bytes(bytes.into()))
    }

    /// The content of a file, read when the request is sent.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        Self::new(Source::File(path.into()))
    }

    /// A stream of chunks, of known length in bytes or not.
    ///
    /// A stream that ends before or goes on after the given length fails the
    /// request. Without a length HTTP/1.1 sends the body in chunks, which some
    /// servers refuse.
    pub fn from_stream<S, B>(stream: S, length: Option<u64>) -> Self
    where
        S: Stream<Item = io::Result<B>> + Send + 'static,
        B: Into<Bytes> + 'static,
    {
        let chunks = stream.map_ok(Into::into).boxed();
        Self::new(Source::Stream {
            chunks: Arc::new(Mutex::new(Some(chunks))),
            length,
        })
    }

    /// Sets the media type of a body, such as `image/png`.
    ///
    /// Without it the extension of the file's name selects one of those that the document lists;
    /// if it selects none, the first is sent.
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// The media type, where one was set.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Calls back after each chunk that was handed to the connection.
    pub fn with_progress(mut self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(callback));
        self
    }

    fn new(source: Source) -> Self {
        Self {
            source,
            content_type: None,
            progress: None,
        }
    }

    /// The media type to send it as, among documented ones and ranges.
    pub(crate) fn media_type(&self, documented: &[&str]) -> Result<String, String> {
        if let Some(set) = &self.content_type {
            return Ok(set.clone());
        }
        let name = match &self.source {
            Source::File(path) => path.file_name().and_then(|name| name.to_str()),
            Source::Bytes(_) | Source::Stream { .. } => None,
        };
        media_type::choose(documented, name)
    }

    /// Looks that the source can be read, and how long it is.
    pub(crate) async fn prepare(&self) -> Result<Segment, String> {
        let source = match &self.source {
            Source::Bytes(bytes) => Prepared::Bytes(bytes.clone()),
            Source::File(path) => Prepared::File {
                length: file_length(path).await?,
                path: path.clone(),
            },
            Source::Stream { chunks, length } => {
                let taken = chunks.lock().unwrap_or_else(PoisonError::into_inner).take();
                Prepared::Stream {
                    chunks: Mutex::new(
                        taken.ok_or("the upload's stream was sent before; make a new one")?,
                    ),
                    length: *length,
                }
            }
        };
        Ok(Segment {
            source,
            progress: self.progress.clone(),
        })
    }
}

async fn file_length(path: &Path) -> Result<u64, String> {
    let unreadable = |error| format!("cannot read the file {}: {error}", path.display());
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let metadata = file.metadata().await.map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(format!("{} is a folder, not a file", path.display()));
    }
    Ok(metadata.len())
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Bytes(bytes) => write!(f, "Upload({} bytes)", bytes.len()),
            Source::File(path) => write!(f, "Upload({})", path.display()),
            Source::Stream { length, .. } => write!(f, "Upload(stream, length {length:?})"),
        }
    }
}

macro_rules! from_bytes {
    ($($bytes:ty),*) => {$(
        impl From<$bytes> for Upload {
            fn from(bytes: $bytes) -> Self {
                Self::from_bytes(bytes)
            }
        }
    )*};
}
from_bytes!(Bytes, Vec<u8>, String, &'static str, &'static [u8]);

impl From<PathBuf> for Upload {
    fn from(path: PathBuf) -> Self {
        Self::from_path(path)
    }
}

impl From<&Path> for Upload {
    fn from(path: &Path) -> Self {
        Self::from_path(path)
    }
}

/// A piece of a body whose length is known as far as it can be.
pub(crate) struct Segment {
    source: Prepared,
    progress: Option<Callback>,
}

enum Prepared {
    Bytes(Bytes),
    File {
        path: PathBuf,
        length: u64,
    },
    Stream {
        /// Only one ever asks; the mutex lets segments be shared between threads.
        chunks: Mutex<Chunks>,
        length: Option<u64>,
    },
}

impl Segment {
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self {
            source: Prepared::Bytes(bytes.into()),
            progress: None,
        }
    }

    /// The content, where it is in memory and nobody watches.
    pub fn plain(&self) -> Option<&Bytes> {
        match &self.source {
            Prepared::Bytes(bytes) if self.progress.is_none() => Some(bytes),
            _ => None,
        }
    }

    pub fn length(&self) -> Option<u64> {
        match &self.source {
            Prepared::Bytes(bytes) => Some(bytes.len() as u64),
            Prepared::File { length, .. } => Some(*length),
            Prepared::Stream { length, .. } => *length,
        }
    }

    /// The same segment once more, unless it is a stream.
    pub fn again(&self) -> Option<Self> {
        let source = match &self.source {
            Prepared::Bytes(bytes) => Prepared::Bytes(bytes.clone()),
            Prepared::File { path, length } => Prepared::File {
                path: path.clone(),
                length: *length,
            },
            Prepared::Stream { .. } => return None,
        };
        Some(Self {
            source,
            progress: self.progress.clone(),
        })
    }

    /// A body of segments one after another.
    pub fn in_order(segments: Vec<Self>) -> reqwest::Body {
        let chunks = futures_util::stream::iter(segments)
            .map(|segment| Ok::<_, io::Error>(segment.into_stream()))
            .try_flatten();
        reqwest::Body::wrap_stream(chunks)
    }

    fn into_stream(self) -> Chunks {
        let length = self.length();
        let chunks = match self.source {
            Prepared::Bytes(bytes) => in_chunks(bytes).boxed(),
            Prepared::File { path, length } => read_file(path, length).boxed(),
            Prepared::Stream { chunks, .. } => {
                chunks.into_inner().unwrap_or_else(PoisonError::into_inner)
            }
        };
        match self.progress {
            Some(callback) => observe(chunks, length, callback).boxed(),
            None => chunks,
        }
    }
}

/// Cuts bytes so that progress is reported on the way, without copying them.
fn in_chunks(mut bytes: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
    futures_util::stream::iter(std::iter::from_fn(move || {
        let end = bytes.len().min(CHUNK);
        (end > 0).then(|| Ok(bytes.split_to(end)))
    }))
}

/// Opens the file when the first chunk is asked for; reads no more than `length`.
fn read_file(path: PathBuf, length: u64) -> impl Stream<Item = io::Result<Bytes>> {
    futures_util::stream::once(async move {
        let file = tokio::fs::File::open(path).await?;
        Ok::<_, io::Error>(ReaderStream::with_capacity(file.take(length), CHUNK))
    })
    .try_flatten()
}
