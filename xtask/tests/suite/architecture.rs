//! What the parts of the pipeline may know of each other.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The stages after the model, and the commands.
const AFTER_THE_MODEL: [&str; 6] = ["commands", "diff", "emit", "generate", "surface", "wire"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn no_stage_after_the_model_reads_the_marks_of_the_passes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut read = 0;
    for stage in AFTER_THE_MODEL {
        for file in sources(&root.join(stage)) {
            let text = fs::read_to_string(&file).expect("a source file");
            read += 1;
            for mark in ["x-sixclicks-mark-", "lower::constants", "lower::tags"] {
                assert!(!text.contains(mark), "{} has `{mark}`", file.display());
            }
        }
    }
    assert!(read > 60, "only {read} files were read");
}
