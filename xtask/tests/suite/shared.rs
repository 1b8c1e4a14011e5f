//! Documents and recordings that are no part of this repository.

use std::path::{Path, PathBuf};

/// Returns a folder of the shared ones: in the folder that `SIXCLICKS_SHARED` names, or in
/// `shared` beside the repository. `None`, and a message, if it is not there.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("SIXCLICKS_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let found = shared.join(folder);
    if found.is_dir() {
        return Some(found);
    }
    println!(
        "skipped: there is no {}; set SIXCLICKS_SHARED to the folder that holds it",
        found.display()
    );
    None
}
