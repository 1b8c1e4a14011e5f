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

pub use crate::failure::Failure;

/// Returns the root of this repository.
pub fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map(PathBuf::from).unwrap_or(manifest)
}
