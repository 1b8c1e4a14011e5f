//! Reading downloads: to a file, to memory, with progress.

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use progenitor_client::{ByteStream, ResponseValue};
use tokio::io::AsyncWriteExt;

use super::disposition;
use super::progress::{Progress, observe};
use crate::transfer::Late;

/// What can be done with a download.
///
/// Implemented for [`ByteStream`] and for the [`ResponseValue`] around it,
/// which knows the total for progress when the server sent a length.
///
/// ```no_run
/// use sixclicks_core::{ByteStream, ByteStreamExt, ResponseValue};
/// async fn keep(download: ResponseValue<ByteStream>) -> std::io::Result<()> {
///     let bytes = download
///         .with_progress(|at| println!("{} of {:?}", at.transferred, at.total))
///         .save_to("evidence.zip")
///         .await?;
///     println!("{bytes} bytes saved");
///     Ok(())
/// }
/// ```
pub trait ByteStreamExt: Sized {
    /// The stream and its length, where that is known.
    #[doc(hidden)]
    fn into_parts(self) -> (ByteStream, Option<u64>);

    /// The name that the server gives the file, in any script, without folders; none where
    /// it told none, and of a stream without its headers.
    fn file_name(&self) -> Option<String>;

    /// Calls back after each chunk that arrives.
    fn with_progress(self, callback: impl Fn(Progress) + Send + Sync + 'static) -> ByteStream {
        let (stream, total) = self.into_parts();
        let observed = observe(stream.into_inner(), total, Arc::new(callback));
        ByteStream::new(Box::pin(observed))
    }

    /// Writes the download to a file and returns its length in bytes.
    ///
    /// The file appears, or is replaced, only once all of it has arrived; until
    /// then it is written beside it, with `.part` added to the name.
    ///
    /// # Errors
    /// When the connection fails or the file cannot be written; the `.part`
    /// file is removed then, as when the future is dropped.
    fn save_to(self, path: impl Into<PathBuf>) -> impl Future<Output = io::Result<u64>> + Send {
        save(self.into_parts().0, path.into())
    }

    /// All of the download in memory.
    ///
    /// # Errors
    /// When the connection fails.
    fn collect_bytes(self) -> impl Future<Output = reqwest::Result<Bytes>> + Send {
        let (stream, _) = self.into_parts();
        async move {
            let mut chunks = stream.into_inner();
            let mut all = BytesMut::new();
            while let Some(chunk) = chunks.try_next().await? {
                all.extend_from_slice(&chunk);
            }
            Ok(all.freeze())
        }
    }
}

impl ByteStreamExt for ByteStream {
    fn into_parts(self) -> (ByteStream, Option<u64>) {
        (self, None)
    }

    fn file_name(&self) -> Option<String> {
        None
    }
}

impl ByteStreamExt for ResponseValue<ByteStream> {
    fn into_parts(self) -> (ByteStream, Option<u64>) {
        let length = self.content_length();
        (self.into_inner(), length)
    }

    fn file_name(&self) -> Option<String> {
        disposition::file_name(self.headers())
    }
}

async fn save(stream: ByteStream, path: PathBuf) -> io::Result<u64> {
    let mut name = path.clone().into_os_string();
    name.push(".part");
    let part = Part(name.into());
    let saved = match write(stream, &part.0).await {
        Ok(length) => tokio::fs::rename(&part.0, &path).await.map(|()| length),
        Err(error) => Err(error),
    };
    saved.map_err(|error| {
        io::Error::new(error.kind(), format!("saving {}: {error}", path.display()))
    })
}

/// The unfinished file. It does not outlive the download, whole, failed or cancelled.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // There is nothing to remove once it has its final name.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The error of a download, with the reason if it was aborted.
fn broken(error: reqwest::Error) -> io::Error {
    match Late::find(&error) {
        Some(late) => io::Error::new(io::ErrorKind::TimedOut, late.to_string()),
        None => io::Error::other(error),
    }
}

async fn write(stream: ByteStream, path: &Path) -> io::Result<u64> {
    let mut file = tokio::fs::File::create(path).await?;
    let mut chunks = stream.into_inner();
    let mut length = 0;
    while let Some(chunk) = chunks.try_next().await.map_err(broken)? {
        file.write_all(&chunk).await?;
        length += chunk.len() as u64;
    }
    file.flush().await?;
    Ok(length)
}
