//! Files and folders of documents.
use super::{Origin, ReadError, ReadOptions, text};
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

/// How much of a file is looked at before the rest is read.
const PREFIX: usize = 64 << 10;

/// Reads a file of bounded size; what is plainly not text is refused after its first bytes.
pub(super) fn read(path: &Path, options: &ReadOptions) -> Result<Vec<u8>, ReadError> {
    let origin = Origin::File(path.to_owned());
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => ReadError::Missing {
            origin: origin.clone(),
        },
        _ => ReadError::Unreadable {
            origin: origin.clone(),
            source,
        },
    };
    let limit = options.max_bytes;
    let too_large = || ReadError::TooLarge {
        origin: origin.clone(),
        limit,
    };
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    let mut file = BufReader::with_capacity(PREFIX, file).take(limit.saturating_add(1));
    text::check_binary(&origin, file.fill_buf().map_err(unreadable)?)?;
    if size > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    Ok(bytes)
}

/// All files in `folder` that may be documents, sorted by path: `*.json`, `*.yaml` and `*.yml` at
/// any depth, without hidden files, folders named `overlays`, the provenance files that lie
/// beside fetched documents, and JSON Schemas.
pub(super) fn candidates(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let unreadable = |source| {
            let origin = Origin::File(folder.clone());
            ReadError::Unreadable { origin, source }
        };
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            // A link to a folder is not followed: it could lead in a circle.
            if entry.file_type().map_err(unreadable)?.is_dir() {
                if name != "overlays" {
                    folders.push(entry.path());
                }
            } else if is_candidate(&name) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_candidate(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !name.ends_with(".provenance.json")
        && !name.ends_with(".schema.json")
        && [".json", ".yaml", ".yml"]
            .iter()
            .any(|ending| name.ends_with(ending))
}
