//! Step one of the pipeline: documents from files, folders, URLs and Swagger UI pages.
//!
//! [`read`] gives each document as one JSON value in the order of its source, whatever its
//! notation, with references to other files resolved into it. Nothing is executed, nothing is
//! trusted: sizes, depths and redirects are bounded, files outside the document's surroundings
//! and other hosts are refused, and every failure is a [`ReadError`] that says where and what to
//! do.
//!
//! # Which files a reference may reach
//! A document may refer to files in its own folder, in that folder's parent, and anywhere below
//! those two (common layouts keep shared parts in `../common`); when a whole folder is read, to
//! anything in that folder as well. The parent does not count if it is the root of the file
//! system. Links are followed before this is checked. A document from a URL may refer to the same
//! scheme, host and port only. [`ReadOptions::allow_outside`] lifts both rules.
mod bundle;
mod duplicates;
mod error;
mod file;
mod grammar;
mod html;
mod http;
mod indent;
mod js;
mod json;
mod note;
mod origin;
mod page;
mod parse;
mod parsed;
mod pointer;
mod remote;
mod scalar;
mod sniff;
mod text;
mod texts;
mod yaml;

pub use error::ReadError;
pub use http::{Header, HeaderError};
pub use note::Note;
pub use origin::Origin;
pub(crate) use parsed::Format;
pub(crate) use remote::Remote;

use crate::references::{Settled, settle};
use parsed::{MAX_NOTES, Parsed};
use serde_json::Value;
use std::{
    panic,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};
use url::Url;

/// How deep documents may nest at most, whatever the options say: values of that depth can be
/// dropped on any stack.
const MAX_DEPTH: usize = 2_000;

/// One OpenAPI document, parsed and complete.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file's name without its ending, or the title in a Swagger UI page's list, or what the
    /// URL calls the document.
    pub name: String,
    /// Where it came from.
    pub origin: Origin,
    /// The document, its keys in the order of the source, without references to other files.
    pub value: Value,
    /// What was not read to the letter: duplicate keys, relaxed notation, files skipped.
    pub notes: Vec<Note>,
}

/// How to read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Headers for requests to the source's own scheme, host and port; no other host gets them.
    pub headers: Vec<Header>,
    /// The largest file or answer, in bytes. 256 MiB unless told otherwise.
    pub max_bytes: u64,
    /// How deep values may nest, in levels. 500 unless told otherwise, and at most 2,000.
    pub max_depth: usize,
    /// The longest silence of a server. 30 seconds unless told otherwise; a whole answer may take
    /// twenty times that.
    pub timeout: Duration,
    /// Whether references may leave the document's surroundings (see the module's documentation).
    pub allow_outside: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            headers: Vec::new(),
            max_bytes: 256 << 20,
            max_depth: 500,
            timeout: Duration::from_secs(30),
            allow_outside: false,
        }
    }
}

impl ReadOptions {
    fn depth(&self) -> usize {
        self.max_depth.min(MAX_DEPTH)
    }
}

/// Reads all documents of `source`: a file, a folder, the URL of a document or of a Swagger UI
/// page.
///
/// # Errors
/// [`ReadError`] if the source cannot be read, is no OpenAPI document, or contains a reference
/// that leads nowhere. One bad document of a folder or page is an error for all; use
/// [`documents_in`] to go through a folder one by one.
pub fn read(source: &str, options: &ReadOptions) -> Result<Vec<Document>, ReadError> {
    on_large_stack(|| match url_of(source)? {
        Some(url) => read_url(&url, options),
        None => read_path(Path::new(source), options),
    })
}

/// The files in `folder`, at any depth, that may be documents, sorted by path. Files in folders
/// named `overlays`, hidden files and provenance files are left out.
///
/// # Errors
/// [`ReadError::Unreadable`] if a folder cannot be listed.
pub fn documents_in(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    file::candidates(folder)
}

/// The value of a JSON or YAML file that is no OpenAPI document.
///
/// # Errors
/// [`ReadError`] if it is neither JSON nor YAML.
pub fn value(path: &Path, bytes: Vec<u8>) -> Result<serde_json::Value, ReadError> {
    let origin = Origin::File(path.to_owned());
    on_large_stack(|| Ok(parse::parse(&origin, bytes, MAX_DEPTH)?.0.value))
}

/// Runs `work` on a thread of its own whose stack holds the deepest documents, and where no
/// asynchronous runtime is active, so that callers may be asynchronous.
pub(crate) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .stack_size(128 << 20)
            .spawn_scoped(scope, work);
        // Without threads there is no program to continue.
        let worker = worker.expect("the operating system has a thread to give");
        worker
            .join()
            .unwrap_or_else(|panic| panic::resume_unwind(panic))
    })
}

/// `source` as a URL if it is written as one.
pub(crate) fn url_of(source: &str) -> Result<Option<Url>, ReadError> {
    let Some((scheme, _)) = source.split_once("://") else {
        return Ok(None);
    };
    let is_scheme = scheme
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if scheme.len() < 2 || !is_scheme {
        return Ok(None);
    }
    // The text may hold secrets that cannot be told from the rest when it cannot be parsed.
    let origin = || Origin::Url(format!("{scheme}://…"));
    let bad = |message: String| ReadError::BadUrl {
        origin: origin(),
        message,
    };
    let url = Url::parse(source).map_err(|error| bad(format!("not a URL: {error}")))?;
    match url.scheme() {
        "http" | "https" => Ok(Some(url)),
        other => Err(bad(format!("`{other}` addresses cannot be read"))),
    }
}

fn read_url(url: &Url, options: &ReadOptions) -> Result<Vec<Document>, ReadError> {
    let client = http::Client::new(url, options)?;
    let remotes = remote::documents(&client, url, options)?;
    let complete = |remote: Remote| {
        let mut files = bundle::Files::of_url(&remote.url, &client, options);
        let origin = Origin::of_url(&remote.url);
        complete(remote.name, origin, remote.parsed, &mut files)
    };
    remotes.into_iter().map(complete).collect()
}

/// The documents behind `url`, as they were received. Each is complete on its own: one that refers
/// to other files is an error, because those would be missing wherever it is put.
pub(crate) fn receive(url: &Url, options: &ReadOptions) -> Result<Vec<Remote>, ReadError> {
    let client = http::Client::new(url, options)?;
    let remotes = remote::documents(&client, url, options)?;
    for remote in &remotes {
        let origin = Origin::of_url(&remote.url);
        bundle::check_alone(&remote.parsed.value, &origin, &remote.url, &client, options)?;
    }
    Ok(remotes)
}

/// The document that was parsed, with what it refers to.
fn complete(
    name: String,
    origin: Origin,
    parsed: Parsed,
    files: &mut bundle::Files<'_>,
) -> Result<Document, ReadError> {
    let Parsed {
        mut value,
        mut notes,
        ..
    } = parsed;
    // Names that the document gives its own schemas are no files.
    let mut settled = settle(&mut value);
    let mut value = bundle::bundle(value, &origin, files, &mut notes)?;
    settled.extend(settle(&mut value));
    let more = settled.len().saturating_sub(MAX_NOTES);
    for Settled { at, was, now } in settled.iter().take(MAX_NOTES) {
        let was = format!("the reference `{was}`");
        notes.push(Note::adapted(at.to_string(), was, format!("`{now}`")));
    }
    if more > 0 {
        let was = format!("{more} more references that are no plain pointers");
        notes.push(Note::adapted("", was, "plain pointers"));
    }
    Ok(Document {
        name,
        origin,
        value,
        notes,
    })
}

fn read_path(path: &Path, options: &ReadOptions) -> Result<Vec<Document>, ReadError> {
    if !path.is_dir() {
        return Ok(vec![read_file(path, None, options)?]);
    }
    let (mut documents, mut skipped) = (Vec::new(), Vec::new());
    for file in file::candidates(path)? {
        match read_file(&file, Some(path), options) {
            Ok(document) => documents.push(document),
            Err(ReadError::NotOpenApi { looks_like, .. }) => {
                skipped.push(format!("{} ({looks_like})", file.display()));
            }
            Err(other) => return Err(other),
        }
    }
    match documents.first_mut() {
        Some(first) => {
            first.notes.extend(skipped.iter().map(|file| {
                Note::adapted("", file, "skipped, because it is not an OpenAPI document")
            }))
        }
        None => {
            return Err(ReadError::NoDocuments {
                origin: Origin::File(path.to_owned()),
                skipped,
            });
        }
    }
    Ok(documents)
}

fn read_file(
    path: &Path,
    folder: Option<&Path>,
    options: &ReadOptions,
) -> Result<Document, ReadError> {
    let origin = Origin::File(path.to_owned());
    let (parsed, _) = parse::document(&origin, file::read(path, options)?, options.depth())?;
    let mut files = bundle::Files::of_path(path, folder, options);
    let name = path
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    complete(name, origin, parsed, &mut files)
}
