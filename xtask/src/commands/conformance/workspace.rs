//! The workspace in which generated crates are compiled: one folder under `target`, which
//! one run has at a time.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use fs4::FileExt;

use crate::commands::{Failure, root};

const MANIFEST: &str = "\
[workspace]
resolver = \"3\"
members = [\"*\"]
exclude = [\"target\"]

[profile.dev]
debug = false
incremental = false
";

/// A folder of its own for one run, until it is dropped.
#[derive(Debug)]
pub struct Workspace {
    folder: PathBuf,
    _lock: File,
}

impl Workspace {
    /// An empty workspace in the folder `target`. When another run has it, this one waits.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn take(target: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(target).map_err(Failure::input)?;
        let lock = File::create(target.join("conformance.lock")).map_err(Failure::input)?;
        if FileExt::try_lock(&lock).is_err() {
            eprintln!("waiting for another run in {}", target.display());
            FileExt::lock(&lock).map_err(Failure::input)?;
        }
        let folder = target.join("conformance");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Failure::input)?;
        }
        fs::create_dir_all(&folder).map_err(Failure::input)?;
        fs::write(folder.join("Cargo.toml"), MANIFEST).map_err(Failure::input)?;
        // The versions that this repository is tested with.
        let _ = fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"));
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the names of the crates of a document begin with, by the document's number.
    pub fn prefix(&self, document: usize) -> PathBuf {
        self.folder.join(format!("d{document}"))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    use super::Workspace;

    #[test]
    fn a_second_run_waits_for_the_first() {
        let target = tempfile::tempdir().expect("a folder");
        let over = AtomicBool::new(false);
        let first = Workspace::take(target.path()).expect("a workspace");
        thread::scope(|scope| {
            let second = scope.spawn(|| {
                let second = Workspace::take(target.path()).expect("a workspace");
                assert!(over.load(Ordering::SeqCst), "the first is not over");
                assert!(!second.folder().join("of-the-first").exists());
            });
            for _ in 0..1_000 {
                fs::write(first.folder().join("of-the-first"), "").expect("its folder is there");
                thread::yield_now();
            }
            over.store(true, Ordering::SeqCst);
            drop(first);
            second.join().expect("the second");
        });
    }
}
