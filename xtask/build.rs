//! Gives the pipeline a version that changes with what it generates: a hash of its sources and
//! of the versions of the libraries that write code for it. `sixclicks.lock` records it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// The libraries whose version decides what the code looks like.
const WRITERS: [&str; 6] = [
    "heck",
    "prettyplease",
    "progenitor-impl",
    "syn",
    "typify-impl",
    "unicode-ident",
];

fn main() {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=../Cargo.lock");
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        // The same on every system: line ends and separators are not.
        let name = file.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&file).expect("the package's own source");
        hash.update(format!("{name}\n{}\n", text.replace("\r\n", "\n")));
    }
    let lock = fs::read_to_string("../Cargo.lock").unwrap_or_default();
    for package in lock.replace("\r\n", "\n").split("\n\n") {
        let is_writer = |name: &&str| package.contains(&format!("\nname = \"{name}\"\n"));
        if WRITERS.iter().any(is_writer) {
            let version = package.lines().find(|line| line.starts_with("version"));
            hash.update(version.unwrap_or_default());
        }
    }
    let digest: String = hash.finalize()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    println!("cargo::rustc-env=PIPELINE={digest}");
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the package's own folder") {
        let path = entry.expect("the package's own folder").path();
        if path.is_dir() {
            sources(&path, files);
        } else {
            files.push(path);
        }
    }
}
