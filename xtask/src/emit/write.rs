//! Writing crates: all their files or none. A run that fails leaves everything as it was,
//! byte for byte; a file that would not change is not touched.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Files, MARK};

/// What could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {path}: {source}", path = path.display())]
pub struct WriteError {
    /// What was tried.
    pub action: &'static str,
    /// With which file.
    pub path: PathBuf,
    /// Why not.
    pub source: io::Error,
}

/// How files differ from what is on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Files that are new or other.
    pub changed: Vec<PathBuf>,
    /// Generated files that are no longer made.
    pub stale: Vec<PathBuf>,
}

impl Difference {
    /// Whether everything is on disk as it should be.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.stale.is_empty()
    }
}

/// Refuses to touch a file of a crate if the crate's folder, or one in it on the way to the file, is a
/// link: the file would be outside the folder of the crates.
fn refuse_links(folder: &Path, path: &Path) -> Result<(), WriteError> {
    let between = path.ancestors().skip(1);
    let inside = between.take_while(|between| between.starts_with(folder));
    for part in inside {
        let about = fs::symlink_metadata(part);
        if about.is_ok_and(|about| about.is_symlink()) {
            return Err(WriteError {
                action: "write into the linked folder",
                path: part.to_owned(),
                source: io::Error::other("it leads elsewhere; replace the link with a folder"),
            });
        }
    }
    Ok(())
}

/// Compares a crate's files with its folder.
pub fn compare(folder: &Path, files: &Files) -> Difference {
    let changed = files
        .iter()
        .map(|(path, text)| (folder.join(path), text))
        .filter(|(path, text)| fs::read(path).ok().as_deref() != Some(text.as_bytes()))
        .map(|(path, _)| path)
        .collect();
    let stale = generated(folder)
        .into_iter()
        .filter(|path| {
            path.strip_prefix(folder)
                .is_ok_and(|inside| !files.contains_key(inside))
        })
        .collect();
    Difference { changed, stale }
}

/// The generated files in a crate's folder, known by their first line.
fn generated(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for inside in ["", "src"] {
        let entries = fs::read_dir(folder.join(inside))
            .into_iter()
            .flatten()
            .flatten();
        for entry in entries {
            let path = entry.path();
            let first = fs::read_to_string(&path)
                .ok()
                .and_then(|text| text.lines().next().map(str::to_owned));
            if first.is_some_and(|line| line.contains(MARK)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Writes several crates, all or none.
///
/// # Errors
///
/// When a file cannot be written; what was there before is there again then.
pub fn write(crates: &[(PathBuf, Files)]) -> Result<usize, WriteError> {
    change(crates, &[])
}

/// Writes several crates and removes other files, all or none. Returns the number of files that
/// changed.
///
/// # Errors
///
/// When a file cannot be written or removed; what was there before is there again then.
pub fn change(crates: &[(PathBuf, Files)], removed: &[PathBuf]) -> Result<usize, WriteError> {
    let mut done = Transaction::default();
    for (folder, files) in crates {
        let difference = compare(folder, files);
        for path in &difference.changed {
            let Ok(inside) = path.strip_prefix(folder) else {
                continue;
            };
            let Some(text) = files.get(inside) else {
                continue;
            };
            let written = refuse_links(folder, path).and_then(|()| done.replace(path, text));
            if let Err(error) = written {
                done.roll_back();
                return Err(error);
            }
        }
        for path in &difference.stale {
            let removed = refuse_links(folder, path).and_then(|()| done.remove(path));
            if let Err(error) = removed {
                done.roll_back();
                return Err(error);
            }
        }
    }
    for path in removed {
        if let Err(error) = done.remove(path) {
            done.roll_back();
            return Err(error);
        }
    }
    Ok(done.changes.len())
}

/// Writes some files of crates, all or none, and leaves their other files as they are.
///
/// # Errors
///
/// When a file cannot be written; what was there before is there again then.
pub fn replace(crates: &[(PathBuf, Files)]) -> Result<(), WriteError> {
    let mut done = Transaction::default();
    for (folder, files) in crates {
        for (path, text) in files {
            let path = folder.join(path);
            let written = refuse_links(folder, &path).and_then(|()| done.replace(&path, text));
            if let Err(error) = written {
                done.roll_back();
                return Err(error);
            }
        }
    }
    Ok(())
}

/// Writes a file in the place of whatever has its name. A link is replaced rather than followed.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())
}

/// The changes made so far, each with what stood there before.
#[derive(Default)]
struct Transaction {
    changes: Vec<(PathBuf, Option<Vec<u8>>)>,
    folders: Vec<PathBuf>,
}

impl Transaction {
    fn replace(&mut self, path: &Path, text: &str) -> Result<(), WriteError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        self.make(folder)?;
        let before = fs::read(path).ok();
        let beside = path.with_extension("new");
        let fail = |action, source| WriteError {
            action,
            path: path.to_owned(),
            source,
        };
        write_new(&beside, text)
            .and_then(|()| fs::rename(&beside, path))
            .map_err(|source| {
                let _ = fs::remove_file(&beside);
                fail("write", source)
            })?;
        self.changes.push((path.to_owned(), before));
        Ok(())
    }

    fn make(&mut self, folder: &Path) -> Result<(), WriteError> {
        let mut missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|f| !f.as_os_str().is_empty() && !f.exists())
            .collect();
        missing.reverse();
        for folder in missing {
            fs::create_dir(folder).map_err(|source| WriteError {
                action: "create the folder",
                path: folder.to_owned(),
                source,
            })?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> Result<(), WriteError> {
        let before = fs::read(path).ok();
        fs::remove_file(path).map_err(|source| WriteError {
            action: "remove",
            path: path.to_owned(),
            source,
        })?;
        self.changes.push((path.to_owned(), before));
        Ok(())
    }

    /// Puts everything back. What cannot be put back is left; there is nothing better to do.
    fn roll_back(self) {
        for (path, before) in self.changes.into_iter().rev() {
            let _ = match before {
                Some(bytes) => fs::write(&path, bytes),
                None => fs::remove_file(&path),
            };
        }
        for folder in self.folders.into_iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Files {
        Files::from([("Cargo.toml".into(), format!("# {MARK}\n{text}"))])
    }

    #[test]
    fn a_run_that_cannot_write_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let (good, bad) = (folder.path().join("good"), folder.path().join("bad"));
        write(&[(good.clone(), files("old"))]).unwrap();
        // A file stands where the second crate's folder has to be.
        fs::write(&bad, "in the way").unwrap();
        assert!(write(&[(good.clone(), files("new")), (bad, files("new"))]).is_err());
        assert!(
            fs::read_to_string(good.join("Cargo.toml"))
                .unwrap()
                .ends_with("old")
        );
        assert_eq!(fs::read_dir(&good).unwrap().count(), 1);
    }

    /// A pull request could contain such links (F12).
    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_out_of_the_folder() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let victim = elsewhere.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        let source =
            |text: &str| Files::from([("src/lib.rs".into(), format!("// {MARK}\n{text}"))]);
        let api = folder.path().join("api");
        write(&[(api.clone(), source("old"))]).unwrap();

        symlink(&victim, api.join("src/lib.new")).unwrap();
        write(&[(api.clone(), source("new"))]).unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
        assert!(!api.join("src/lib.rs").is_symlink());
        let written = fs::read_to_string(api.join("src/lib.rs")).unwrap();
        assert!(written.ends_with("new"), "{written}");

        fs::remove_file(api.join("src/lib.rs")).unwrap();
        symlink(&victim, api.join("src/lib.rs")).unwrap();
        write(&[(api.clone(), source("newer"))]).unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");

        for linked in ["api/src", "api"] {
            let linked = folder.path().join(linked);
            fs::remove_dir_all(&linked).unwrap();
            symlink(elsewhere.path(), &linked).unwrap();
            let error = write(&[(api.clone(), source("newest"))]).unwrap_err();
            assert!(error.to_string().contains("link"), "{error}");
            assert!(replace(&[(api.clone(), source("newest"))]).is_err());
            assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
            fs::remove_file(&linked).unwrap();
            fs::create_dir_all(api.join("src")).unwrap();
        }
    }

    #[test]
    fn handwritten_files_are_never_touched() {
        let folder = tempfile::tempdir().unwrap();
        let crate_folder = folder.path().join("api");
        write(&[(crate_folder.clone(), files("old"))]).unwrap();
        fs::write(crate_folder.join("extras.rs"), "// mine").unwrap();
        let other = Files::from([("README.md".into(), format!("<!-- {MARK} -->"))]);
        assert_eq!(write(&[(crate_folder.clone(), other)]).unwrap(), 2);
        assert!(crate_folder.join("extras.rs").exists());
        assert!(!crate_folder.join("Cargo.toml").exists());
    }
}
