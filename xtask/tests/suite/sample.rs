//! The sample crates, with which generated methods are measured and tried on a real connection,
//! are what their documents generate. `BLESS=1` writes them.

use std::path::PathBuf;

use xtask::{
    config::Config,
    emit::{Place, write},
    pipeline::{self, Input, STACK},
    read,
};

#[test]
fn the_samples_are_what_their_documents_generate() {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(check);
    if let Err(panic) = thread.expect("a thread").join() {
        std::panic::resume_unwind(panic);
    }
}

fn check() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/sample");
    let documents = ["catalog.yaml", "published.json"].map(|name| {
        let source = folder.join(name).display().to_string();
        let read = read::read(&source, &read::ReadOptions::default());
        read.expect("the document")
    });
    let inputs = documents.into_iter().flatten().map(Input::from).collect();
    let config = Config {
        crate_prefix: "sample".to_owned(),
        product: "a sample".to_owned(),
        publish: false,
        ..Config::default()
    };
    let place = Place::Elsewhere("../../../crates".into());
    let crates = pipeline::run(inputs, &config, &place).expect("a crate");
    for made in &crates {
        assert_eq!(made.report.losses().count(), 0);
    }
    let files: Vec<_> = crates
        .into_iter()
        .map(|made| (folder.join(made.name), made.files))
        .collect();
    if std::env::var_os("BLESS").is_some() {
        write::write(&files).expect("files");
    }
    for (folder, files) in &files {
        let difference = write::compare(folder, files);
        assert!(
            difference.is_empty(),
            "run with BLESS=1 and commit it: {difference:?}"
        );
    }
    assert_eq!(files.len(), 4);
}
