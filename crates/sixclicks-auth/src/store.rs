//! Where processes that live shortly share a token, so that not each of them exchanges the
//! key anew.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use zeroize::Zeroizing;

use crate::SourceFuture;

/// How long a process waits for the others before it asks again, and how long at most; a
/// process that hangs is not to hold all others up.
const POLL: Duration = Duration::from_millis(20);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Why a store does not work. The session goes on without it, and says so in a warning.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Keeps tokens where other processes find them. A session asks it before it exchanges the
/// key, and gives it what it got.
///
/// What is kept is a secret: whoever reads it can act as the key's user until it ends.
pub trait TokenStore: Send + Sync + 'static {
    /// Opens the entry of a name for this process alone; others wait until the entry is
    /// dropped. The name tells the host and the key apart and holds only hexadecimal digits.
    fn open<'a>(
        &'a self,
        name: &'a str,
    ) -> SourceFuture<'a, Result<Box<dyn StoreEntry>, StoreError>>;
}

/// An entry of a [`TokenStore`], which nobody else has open.
pub trait StoreEntry: Send {
    /// What was kept last, if anything was.
    fn read(&mut self) -> SourceFuture<'_, Result<Option<Zeroizing<Vec<u8>>>, StoreError>>;

    /// Keeps something in place of what was there.
    fn write<'a>(&'a mut self, content: &'a [u8]) -> SourceFuture<'a, Result<(), StoreError>>;
}

/// A folder with a file for each host and key, which nobody but its owner may read
/// (mode 0600), and a lock file beside each.
///
/// A file that others may read, or a link, is not trusted: it is replaced. On systems other
/// than Unix, the folder's own permissions decide.
#[derive(Clone, Debug)]
pub struct FileStore {
    folder: PathBuf,
}

impl FileStore {
    /// A store in a folder, which is made (with mode 0700) when there is none.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    async fn lock(&self, name: &str) -> io::Result<File> {
        create_folder(&self.folder)?;
        if is_writable_by_others(&fs::metadata(&self.folder)?) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "other users may write to the folder of the token store",
            ));
        }
        let path = self.folder.join(format!("{name}.lock"));
        // Opening a pipe would wait for its other end.
        if fs::symlink_metadata(&path).is_ok_and(|about| !about.is_file()) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the lock of the token store is not a file",
            ));
        }
        let lock = owners_only()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let mut waited = Duration::ZERO;
        // Asked over and over rather than waited for in a thread, so that a caller who is
        // cancelled leaves nothing behind. The system frees the lock of a process that died.
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(lock),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            if waited > LONGEST_WAIT {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "another process holds the token's lock",
                ));
            }
            tokio::time::sleep(POLL).await;
            waited += POLL;
        }
    }
}

impl TokenStore for FileStore {
    fn open<'a>(
        &'a self,
        name: &'a str,
    ) -> SourceFuture<'a, Result<Box<dyn StoreEntry>, StoreError>> {
        Box::pin(async move {
            let lock = self.lock(name).await?;
            Ok(Box::new(FileEntry {
                path: self.folder.join(format!("{name}.token")),
                lock,
            }) as Box<dyn StoreEntry>)
        })
    }
}

struct FileEntry {
    path: PathBuf,
    /// Freed when the file is closed.
    lock: File,
}

// The files hold a few hundred bytes each; reading one takes less than handing it over to
// another thread would.
impl StoreEntry for FileEntry {
    fn read(&mut self) -> SourceFuture<'_, Result<Option<Zeroizing<Vec<u8>>>, StoreError>> {
        Box::pin(async {
            let about = match fs::symlink_metadata(&self.path) {
                Ok(about) => about,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            let own = self.lock.metadata()?;
            if !about.is_file() || is_open_to_others(&about) || !is_same_owner(&about, &own) {
                return Err(
                    "the token's file belongs to others or can be read by them; it is replaced"
                        .into(),
                );
            }
            Ok(Some(Zeroizing::new(fs::read(&self.path)?)))
        })
    }

    fn write<'a>(&'a mut self, content: &'a [u8]) -> SourceFuture<'a, Result<(), StoreError>> {
        Box::pin(async {
            // Written beside and renamed, so that nobody ever sees half of it.
            let beside = self.path.with_extension("new");
            match fs::remove_file(&beside) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
            let mut file = owners_only().write(true).create_new(true).open(&beside)?;
            file.write_all(content)?;
            file.sync_all()?;
            fs::rename(&beside, &self.path)?;
            Ok(())
        })
    }
}

#[cfg(unix)]
fn owners_only() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(not(unix))]
fn owners_only() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(unix)]
fn is_open_to_others(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
fn is_same_owner(a: &fs::Metadata, b: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    a.uid() == b.uid()
}

#[cfg(not(unix))]
fn is_same_owner(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    true
}

#[cfg(unix)]
fn is_writable_by_others(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o022 != 0
}

#[cfg(not(unix))]
fn is_writable_by_others(_: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
fn create_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn create_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}
