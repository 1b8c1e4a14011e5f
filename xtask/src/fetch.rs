//! Downloads a vendor's documents and keeps them as received, with where and when.
//!
//! [`fetch`] takes what [`crate::read`] finds behind a URL or Swagger UI page. A folder changes
//! only when all documents are there and sound; a failure leaves it as it was.
mod replace;

use crate::read::{self, Origin, ReadError, ReadOptions, Remote};
use chrono::{SecondsFormat, Utc};
use replace::Change;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

/// A document that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The name of its file without the ending.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// Where it came from.
    pub origin: Origin,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: usize,
    /// Whether anything was written: a document that is there already, byte for byte and from the
    /// same URL, is left alone.
    pub changed: bool,
}

/// Why nothing was fetched. The folder is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The documents could not be had, or are none.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The source is not a URL.
    #[error(
        "{source_name}: not a URL\n  help: give an address such as https://api.example.com/swagger/index.html; files are copied by hand"
    )]
    NotAUrl {
        /// The source as it was given.
        source_name: String,
    },
    /// A file could not be written.
    #[error("{}: cannot be written: {source}\n  help: check the permissions and the space on the disk; the old files are still there", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// What is written beside each document, as `<name>.provenance.json`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Provenance {
    /// The document's file.
    file: String,
    /// The URL without its secrets.
    url: String,
    /// When it was fetched, in UTC.
    fetched: String,
    /// Of its bytes, in hexadecimal.
    sha256: String,
    /// In bytes.
    size: usize,
}

/// Fetches the documents behind the URL `from` into the folder `into`, which is made if it is not
/// there: their bytes unchanged in `<name>.json` or `<name>.yaml`, named after the titles in the
/// page's list or after the URL, each with a `<name>.provenance.json`.
///
/// # Errors
/// [`FetchError`] if any document cannot be had, is no OpenAPI document, is spread over several
/// files, or cannot be written. Then no file has changed.
pub fn fetch(from: &str, into: &Path, options: &ReadOptions) -> Result<Vec<Fetched>, FetchError> {
    read::on_large_stack(|| {
        let Some(url) = read::url_of(from)? else {
            return Err(FetchError::NotAUrl {
                source_name: from.to_owned(),
            });
        };
        let mut names = HashSet::new();
        let (mut fetched, mut changes) = (Vec::new(), Vec::new());
        for remote in read::receive(&url, options)? {
            let name = free_name(&remote.name, &mut names);
            fetched.push(plan(remote, name, into, &mut changes));
        }
        replace::all(into, changes)?;
        Ok(fetched)
    })
}

/// Adds the changes that `remote` needs, none if it is there already.
fn plan(remote: Remote, name: String, into: &Path, changes: &mut Vec<Change>) -> Fetched {
    let file = format!("{name}.{}", remote.format.extension());
    let path = into.join(&file);
    let notes = into.join(format!("{name}.provenance.json"));
    let origin = Origin::of_url(&remote.url);
    let sha256 = sha256(&remote.bytes);
    let size = remote.bytes.len();
    let old: Option<Provenance> = fs::read(&notes)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let url = origin.to_string();
    let same = old
        .as_ref()
        .is_some_and(|old| old.url == url && old.file == file)
        && fs::read(&path).is_ok_and(|bytes| bytes == remote.bytes);
    if !same {
        // The same document in the other notation would be a second one.
        let former = old
            .map(|old| old.file)
            .filter(|old| *old != file && is_plain(old));
        changes.extend(former.map(|old| Change {
            path: into.join(old),
            content: None,
        }));
        changes.push(Change {
            path: path.clone(),
            content: Some(remote.bytes),
        });
        let fetched = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
        let provenance = Provenance {
            file,
            url,
            fetched,
            sha256: sha256.clone(),
            size,
        };
        changes.push(Change {
            path: notes,
            content: Some(provenance.to_json()),
        });
    }
    Fetched {
        name,
        path,
        origin,
        sha256,
        size,
        changed: !same,
    }
}

impl Provenance {
    fn to_json(&self) -> Vec<u8> {
        // Text and numbers always have a notation.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text.into_bytes()
    }
}

/// Whether `name`, from a file that anybody may have edited, is the name of a file in its folder.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && Path::new(name).file_name().is_some_and(|file| file == name)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A file name made of `title` that is not in `names` yet, and adds it.
fn free_name(title: &str, names: &mut HashSet<String>) -> String {
    let mut name = String::new();
    for char in title.chars() {
        if char.is_alphanumeric() || matches!(char, '.' | '_') {
            name.extend(char.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_matches(['-', '.']);
    let name: String = name.chars().take(100).collect();
    let name = if name.is_empty() {
        "document".to_owned()
    } else {
        name
    };
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut candidates = std::iter::once(name.clone()).chain(numbered);
    candidates
        .find(|candidate| names.insert(candidate.clone()))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_plain_and_unique_file_names() {
        let mut names = HashSet::new();
        for (title, name) in [
            ("6clicks Auth API (V1.0)", "6clicks-auth-api-v1.0"),
            ("6Clicks auth api v1.0", "6clicks-auth-api-v1.0-2"),
            ("../../etc/passwd", "etc-passwd"),
            ("...", "document"),
            ("Über", "über"),
        ] {
            assert_eq!(free_name(title, &mut names), name);
        }
    }
}
