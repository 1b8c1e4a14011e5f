//! Replaces several files of a folder, all or none.
use super::FetchError;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A file and its new content; without content, it goes.
pub(super) struct Change {
    pub path: PathBuf,
    pub content: Option<Vec<u8>>,
}

/// Makes all changes in `folder`, or none. New content is written beside the old files first, so
/// that what can fail fails before anything is touched; what was moved already is moved back.
pub(super) fn all(folder: &Path, changes: Vec<Change>) -> Result<(), FetchError> {
    if changes.is_empty() {
        return Ok(());
    }
    let made = !folder.exists();
    let outcome = fs::create_dir_all(folder)
        .map_err(failed(folder))
        .and_then(|()| {
            let stage = tempfile::Builder::new()
                .prefix(".fetch-")
                .tempdir_in(folder);
            let stage = stage.map_err(failed(folder))?;
            let mut moved = Vec::new();
            let outcome = write(stage.path(), &changes)
                .and_then(|()| exchange(stage.path(), &changes, &mut moved));
            if outcome.is_err() {
                for (from, to) in moved.iter().rev() {
                    // There is nothing better to do with a failure to undo than to go on.
                    let _ = fs::rename(to, from);
                }
            }
            outcome
        });
    if made && outcome.is_err() {
        // Fails when somebody else has put something there, and then it may stay.
        let _ = fs::remove_dir(folder);
    }
    outcome
}

fn write(stage: &Path, changes: &[Change]) -> Result<(), FetchError> {
    for (index, change) in changes.iter().enumerate() {
        if let Some(content) = &change.content {
            fs::write(new(stage, index), content).map_err(failed(&change.path))?;
        }
    }
    Ok(())
}

/// Moves the old files away and the new ones to their places; `moved` tells from where to where.
fn exchange(
    stage: &Path,
    changes: &[Change],
    moved: &mut Vec<(PathBuf, PathBuf)>,
) -> Result<(), FetchError> {
    let mut rename = |from: PathBuf, to: PathBuf| -> io::Result<()> {
        fs::rename(&from, &to)?;
        moved.push((from, to));
        Ok(())
    };
    for (index, change) in changes.iter().enumerate() {
        let old = stage.join(format!("old-{index}"));
        match rename(change.path.clone(), old) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed(&change.path)(error));
            }
            _ => {}
        }
        if change.content.is_some() {
            rename(new(stage, index), change.path.clone()).map_err(failed(&change.path))?;
        }
    }
    Ok(())
}

fn new(stage: &Path, index: usize) -> PathBuf {
    stage.join(format!("new-{index}"))
}

fn failed(path: &Path) -> impl Fn(io::Error) -> FetchError {
    let path = path.to_owned();
    move |source| FetchError::Write {
        path: path.clone(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_fails_undoes_those_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a"), "old").unwrap();
        fs::write(path("gone"), "old").unwrap();
        let change = |name: &str, content: Option<&str>| Change {
            path: path(name),
            content: content.map(|content| content.as_bytes().to_vec()),
        };
        let changes = vec![
            change("a", Some("new")),
            change("b", Some("new")),
            change("gone", None),
            change("missing/c", Some("new")),
        ];
        let error = all(folder.path(), changes).unwrap_err();
        assert!(error.to_string().contains("missing"), "{error}");
        assert_eq!(fs::read_to_string(path("a")).unwrap(), "old");
        assert_eq!(fs::read_to_string(path("gone")).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
