//! The server: a program in the folder that is shared beside the repository.

use std::{
    env,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// The key that the server is started with.
pub const KEY: &str = "a-key-of-the-test";

/// The folder with the server and its documents; `None` where it is not there.
pub fn folder() -> Option<PathBuf> {
    let shared = match env::var_os("SIXCLICKS_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => xtask::commands::root().join("../shared"),
    };
    let folder = shared.join("aspnet");
    folder.join("clicks").is_file().then_some(folder)
}

/// A running server. It is stopped when it is dropped.
pub struct Server {
    child: Child,
    /// Its URL.
    pub url: String,
}

impl Server {
    /// Starts the server on a free port.
    pub fn start(options: &[&str]) -> Self {
        let folder = folder().expect("the folder of the server");
        let mut child = Command::new(folder.join("clicks"))
            .args(["--port", "0", "--key", KEY])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let output = child.stdout.take().expect("its output");
        let mut lines = BufReader::new(output).lines();
        let url = lines.next().expect("its first line").expect("text");
        assert!(url.starts_with("http://"), "{url}");
        Self { child, url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
