//! Reading documents: JSON or YAML, from files, folders, URLs and Swagger UI pages, with
//! what they refer to in other files. Whatever is wrong is one error that says where it
//! is and what to do.

mod external;
mod files;
mod json;
mod kind;
mod text;
mod yaml;

use std::path::PathBuf;

use serde_json::Value;

pub use kind::check as check_kind;

/// The largest document that is read, in bytes.
pub const LARGEST: u64 = 256 << 20;

/// How deep a document may be nested.
pub const DEEPEST: usize = 400;

/// A document as it was received.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its file's name without the ending.
    pub name: String,
    /// Where it came from.
    pub origin: String,
    /// Its content, with what it refers to in other files.
    pub value: Value,
}

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file or folder is not there, or may not be read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A folder without documents.
    #[error(
        "{path} holds no OpenAPI document; put a .json, .yaml or .yml file there, or name a file",
        path = path.display()
    )]
    EmptyFolder {
        /// The folder.
        path: PathBuf,
    },
    /// More than can be a document.
    #[error(
        "{origin} has {size} bytes, more than the {LARGEST} that a document may have; is it the right file?"
    )]
    TooLarge {
        /// Which.
        origin: String,
        /// Its size in bytes.
        size: u64,
    },
    /// Nothing in it.
    #[error("{origin} is empty; save the document there and try again")]
    Empty {
        /// Which.
        origin: String,
    },
    /// No text.
    #[error("{origin} is not text ({why}); an OpenAPI document is JSON or YAML in UTF-8")]
    NotText {
        /// Which.
        origin: String,
        /// What was found.
        why: String,
    },
    /// Neither JSON nor YAML.
    #[error(
        "{origin}:{line}:{column}: not valid {language}: {message}; correct the file or export it again"
    )]
    Syntax {
        /// Which.
        origin: String,
        /// `JSON` or `YAML`.
        language: &'static str,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// Nested or expanded beyond reason.
    #[error("{origin}: {message}; no real document is like that, check where the file comes from")]
    Unreasonable {
        /// Which.
        origin: String,
        /// What is too much.
        message: String,
    },
    /// Some other kind of file.
    #[error("{origin} is no OpenAPI document: {what}; {hint}")]
    NotOpenApi {
        /// Which.
        origin: String,
        /// What it looks like.
        what: String,
        /// What to do.
        hint: String,
    },
    /// A reference to another file that cannot be followed.
    #[error("{origin}: at {pointer}: the reference `{target}` cannot be followed: {why}")]
    Reference {
        /// Which document.
        origin: String,
        /// JSON pointer of the reference.
        pointer: String,
        /// What it names.
        target: String,
        /// What is wrong.
        why: String,
    },
}

/// Reads the documents that a file or folder holds.
///
/// # Errors
///
/// When one of them cannot be read.
pub fn read(source: &str) -> Result<Vec<Document>, ReadError> {
    files::read(std::path::Path::new(source))
}

/// Reads one file that has to be a document.
///
/// # Errors
///
/// When it cannot be read.
pub fn read_file(path: &std::path::Path) -> Result<Document, ReadError> {
    files::read_file(path)
}

/// Reads the documents of a folder and of the folders in it.
pub use files::candidates;

/// Parses a document of either language.
///
/// # Errors
///
/// When it is neither JSON nor YAML.
pub fn parse(origin: &str, bytes: &[u8]) -> Result<Value, ReadError> {
    let text = text::decode(origin, bytes)?;
    let first = text.trim_start().chars().next();
    match first {
        None => Err(ReadError::Empty {
            origin: origin.to_owned(),
        }),
        Some('<') => Err(ReadError::NotOpenApi {
            origin: origin.to_owned(),
            what: "it is a page in HTML or XML".to_owned(),
            hint: "save the document that the page shows, or give the page's URL".to_owned(),
        }),
        Some('{' | '[') => json::parse(origin, &text),
        Some(_) => yaml::parse(origin, &text),
    }
}
