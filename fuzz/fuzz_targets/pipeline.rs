//! Whatever the bytes are, JSON, YAML or neither: reading them and making crates of them
//! ends in crates or in an error, and not even progenitor panics over what it is given.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::{
    config::Config,
    emit::Place,
    pipeline::{Input, STACK, run},
    read::{ReadOptions, read},
};

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("document.yaml");
    std::fs::write(&path, bytes).expect("the document");
    let Ok(documents) = read(&path.to_string_lossy(), &ReadOptions::default()) else {
        return;
    };
    let inputs = documents.into_iter().map(Input::from).collect();
    let thread = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || drop(run(inputs, &Config::default(), &Place::Workspace)));
    thread.expect("a thread").join().expect("no panic");
});
