//! The commands of `cargo xtask`, one file each.

pub mod bench;
pub mod conformance;
pub mod diff;
pub mod fetch;
pub mod generate;
mod prune;
pub mod release;
pub mod sandbox;

use std::path::PathBuf;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A check failed (exit code 1).
    #[error("{0}")]
    Check(String),
    /// An input cannot be used (exit code 2).
    #[error("{0}")]
    Input(String),
}

impl Failure {
    /// Returns a failure of an input.
    pub fn input(error: impl std::fmt::Display) -> Self {
        Self::Input(error.to_string())
    }
}

/// Returns the root of this repository.
pub fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map(PathBuf::from).unwrap_or(manifest)
}
