//! The crates of the server's documents, and one program that calls all of them.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use sixclicks_sandbox::Document;
use xtask::{
    commands::{
        conformance::{Arguments, Row, compile, workspace::Workspace},
        root,
    },
    config::Config,
    emit::Place,
    model::Plan,
    overlay,
    pipeline::{self, Input, STACK},
    read,
};

/// A document of the server.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its file's name without the ending.
    pub name: String,
    /// Whether the overlay for it is applied.
    pub corrected: bool,
}

/// What is generated from a document.
pub struct Subject {
    /// The document.
    pub named: Named,
    /// The driver of its crates.
    pub driver: String,
    /// The document, as an overlay leaves it.
    pub document: Document,
    /// The operations.
    pub plans: Vec<Plan>,
}

/// The program of all drivers. The workspace is its own as long as it is there.
pub struct Program {
    /// Its file.
    pub path: PathBuf,
    /// What it calls.
    pub subjects: Vec<Subject>,
    _workspace: Workspace,
}

impl Program {
    /// Generates and compiles the crates. Crates that are the same for several documents are
    /// compiled once.
    pub fn build(folder: &Path, wanted: &[Named]) -> Self {
        let workspace = Workspace::take(&root().join("target")).expect("a workspace");
        let mut rows = Vec::new();
        let mut subjects = Vec::new();
        let mut known: HashMap<String, String> = HashMap::new();
        for (number, named) in wanted.iter().enumerate() {
            let (document, mut crates) = generated(folder, named.clone());
            let prefix = workspace.prefix(number);
            let mut names: Vec<Option<String>> = Vec::new();
            let mut fresh = Vec::new();
            let plans: Vec<Plan> = crates.iter().map(|made| made.plan.clone()).collect();
            let keys: Vec<String> = crates
                .iter()
                .map(|made| format!("{:?}", made.files))
                .collect();
            for (made, key) in crates.drain(..).zip(&keys) {
                names.push(known.get(key).cloned());
                if !known.contains_key(key) {
                    fresh.push(made);
                }
            }
            let written = compile::write(&prefix, &mut fresh).expect("the crates");
            let mut rest = written.iter().cloned();
            let names: Vec<String> = names
                .into_iter()
                .map(|name| name.or_else(|| rest.next()).expect("a name"))
                .collect();
            known.extend(keys.into_iter().zip(names.iter().cloned()));
            let pairs: Vec<(String, &Plan)> = names.into_iter().zip(&plans).collect();
            let driver = compile::write_driver(&prefix, &pairs).expect("the driver");
            let mut row = Row::new(Path::new(&named.name));
            row.crates = written;
            row.driver = Some(driver.clone());
            rows.push(row);
            subjects.push(Subject {
                named: named.clone(),
                driver,
                document: Document::new(document),
                plans,
            });
        }
        let mut arguments = Arguments::new(folder);
        arguments.wire = true;
        let drivers = compile::compile(&mut rows, workspace.folder(), &arguments).expect("cargo");
        for (row, (number, named)) in rows.iter().zip(wanted.iter().enumerate()) {
            assert_eq!(row.error, None, "{named:?}");
            assert_eq!(row.warnings, 0, "{named:?}");
            if let Some(Err(error)) = drivers.get(&number) {
                panic!("{named:?}: {error}");
            }
        }
        Self {
            path: compile::program(),
            subjects,
            _workspace: workspace,
        }
    }
}

/// A document and its crates, of which none lost anything.
fn generated(folder: &Path, named: Named) -> (serde_json::Value, Vec<pipeline::GeneratedCrate>) {
    let path = folder.join(format!("documents/{}.json", named.name));
    let worker = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let source = path.display().to_string();
            let read = read::read(&source, &read::ReadOptions::default()).expect("the document");
            let mut inputs: Vec<Input> = read.into_iter().map(Input::from).collect();
            if named.corrected {
                let overlay = overlays().join(&named.name);
                overlay::apply(&overlay, &mut inputs).unwrap_or_else(|error| panic!("{error}"));
            }
            let document = inputs[0].value.clone();
            let place = Place::Elsewhere(root().join("crates"));
            let crates = pipeline::run(inputs, &Config::default(), &place).expect("crates");
            for made in &crates {
                let losses: Vec<_> = made.report.losses().collect();
                assert!(losses.is_empty(), "{}: {losses:?}", named.name);
                assert_eq!(
                    made.counts.methods, made.counts.operations,
                    "{}",
                    named.name
                );
            }
            (document, crates)
        });
    worker.expect("a thread").join().expect("no panic")
}

/// The folder that has a folder of overlays for some documents.
pub fn overlays() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/server/overlays")
}

/// All documents, by their names.
pub fn all(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("documents")).expect("the documents");
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let path = entry.expect("an entry").path();
            let stem = path.file_stem()?.to_str()?.to_owned();
            (path.extension()? == "json").then_some(stem)
        })
        .collect();
    names.sort();
    names
}
