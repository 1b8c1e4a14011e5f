//! Files and folders of documents.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Document, LARGEST, ReadError, check_kind, external, parse};

/// Reads a file, or all documents of a folder.
pub fn read(path: &Path) -> Result<Vec<Document>, ReadError> {
    let kind = fs::metadata(path).map_err(|source| ReadError::Io {
        path: path.to_owned(),
        source,
    })?;
    if !kind.is_dir() {
        return Ok(vec![read_file(path)?]);
    }
    let mut documents = Vec::new();
    for file in candidates(path)? {
        let inside = file.strip_prefix(path).unwrap_or(&file);
        if inside
            .components()
            .any(|part| part.as_os_str() == "overlays")
        {
            continue;
        }
        documents.push(read_file(&file)?);
    }
    if documents.is_empty() {
        return Err(ReadError::EmptyFolder {
            path: path.to_owned(),
        });
    }
    Ok(documents)
}

/// The files of a folder, and of the folders in it, that may be documents, in the order
/// of their names.
///
/// # Errors
///
/// When a folder cannot be read.
pub fn candidates(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).map_err(|source| ReadError::Io {
            path: folder.clone(),
            source,
        })?;
        for entry in entries {
            let entry = entry.map_err(|source| ReadError::Io {
                path: folder.clone(),
                source,
            })?;
            let path = entry.path();
            // A link to a folder could lead back here.
            let kind = entry.file_type().map_err(|source| ReadError::Io {
                path: path.clone(),
                source,
            })?;
            if kind.is_dir() {
                open.push(path);
            } else if is_candidate(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_candidate(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    ["json", "yaml", "yml"].contains(&ending.to_ascii_lowercase().as_str())
        && !name.starts_with('.')
        && !name.ends_with(".provenance.json")
}

/// Reads one file that has to be a document.
pub fn read_file(path: &Path) -> Result<Document, ReadError> {
    let origin = path.display().to_string();
    let value = load(path)?;
    check_kind(&origin, &value)?;
    let value = external::bundle(path, value)?;
    Ok(Document {
        name: path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        origin,
        value,
    })
}

/// Parses a file of either language.
pub fn load(path: &Path) -> Result<serde_json::Value, ReadError> {
    let fail = |source| ReadError::Io {
        path: path.to_owned(),
        source,
    };
    let kind = fs::metadata(path).map_err(fail)?;
    let origin = path.display().to_string();
    if kind.len() > LARGEST {
        return Err(ReadError::TooLarge {
            origin,
            size: kind.len(),
        });
    }
    parse(&origin, &fs::read(path).map_err(fail)?)
}
