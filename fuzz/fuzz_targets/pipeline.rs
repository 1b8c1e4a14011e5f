//! Whatever the bytes are, JSON, YAML or neither: reading them and making crates of them
//! ends in crates or in an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::{
    config::Config,
    emit::Place,
    pipeline::{Input, run},
    read::{ReadOptions, read},
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("document.yaml");
    if std::fs::write(&path, bytes).is_err() {
        return;
    }
    let Ok(documents) = read(&path.to_string_lossy(), &ReadOptions::default()) else { return };
    let inputs = documents
        .into_iter()
        .map(|document| Input {
            name: document.name,
            origin: document.origin.to_string(),
            value: document.value,
        })
        .collect();
    let _ = run(inputs, &Config::default(), &Place::Workspace);
});
