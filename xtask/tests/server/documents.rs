//! The documents that the server writes with its options, and those behind its page.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::process;

/// The options alone, and combinations of them.
const OPTIONS: [&[&str]; 30] = [
    &[],
    &["envelope"],
    &["enums-as-text"],
    &["skip-null"],
    &["xml"],
    &["compress"],
    &["rate=1000"],
    &["abort-every=1000"],
    &["fail-every=1000"],
    &["delay-milliseconds=1"],
    &["token-seconds=60"],
    &["key=another"],
    &["document-version=2.0"],
    &["document-version=3.0"],
    &["document-version=3.1"],
    &["one-of"],
    &["all-of"],
    &["non-nullable"],
    &["operation-ids"],
    &["split"],
    &["one-of", "all-of"],
    &["one-of", "all-of", "document-version=3.1"],
    &["all-of", "non-nullable", "document-version=2.0"],
    &["one-of", "enums-as-text"],
    &["split", "one-of", "operation-ids"],
    &["split", "document-version=2.0"],
    &["split", "all-of", "non-nullable", "document-version=3.1"],
    &["xml", "enums-as-text", "document-version=2.0"],
    &["operation-ids", "non-nullable", "document-version=3.1"],
    &["envelope", "xml", "one-of", "non-nullable"],
];

fn xtask(arguments: &[&str]) -> Output {
    let program = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .output();
    program.expect("the program")
}

/// Writes every document that the server has into a folder, each once.
fn write(server: &Path, into: &Path) -> usize {
    let mut known: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    for (number, options) in OPTIONS.iter().enumerate() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(server.join("clicks"));
        command.arg("--documents").arg(folder.path());
        for option in *options {
            let (name, value) = option.split_once('=').unwrap_or((option, "true"));
            command.args([&format!("--{name}"), value]);
        }
        let done = command.stdout(Stdio::null()).status();
        assert!(done.expect("the server").success(), "{options:?}");
        for entry in fs::read_dir(folder.path()).expect("the documents") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "json") {
                let name = path.file_name().expect("a name").display().to_string();
                let bytes = fs::read(&path).expect("a document");
                known.entry(bytes).or_insert(format!("{number}-{name}"));
            }
        }
    }
    for (bytes, name) in &known {
        fs::write(into.join(name), bytes).expect("a document");
    }
    known.len()
}

/// Generates and compiles the documents of all options, without a loss or a warning.
pub fn of_all_options(server: &Path) {
    let folder = tempfile::tempdir().expect("a folder");
    let count = write(server, folder.path());
    assert!(count >= OPTIONS.len(), "{count} documents");
    let result = folder.path().join("result");
    let shown = result.display().to_string();
    let documents = folder.path().display().to_string();
    let output = xtask(&["conformance", &documents, "--compile", "--json", &shown]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    let result: Value =
        serde_json::from_slice(&fs::read(result).expect("the result")).expect("JSON");
    let totals = &result["totals"];
    for (name, wanted) in [
        ("generated", count),
        ("compiled", count),
        ("losses", 0),
        ("warnings", 0),
    ] {
        assert_eq!(totals[name], wanted, "{name}\n{said}");
    }
    assert_eq!(totals["methods"], totals["operations"], "{said}");
}

/// Fetches what is behind the server's page: the names of the files.
pub fn fetched(options: &[&str]) -> Vec<String> {
    let server = process::Server::start(options);
    let folder = tempfile::tempdir().expect("a folder");
    let page = format!("{}/swagger/index.html", server.url);
    let into = folder.path().display().to_string();
    let output = xtask(&["fetch", "--from", &page, "--into", &into]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let entries = fs::read_dir(folder.path()).expect("the documents");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().display().to_string())
        .filter(|name| name.ends_with(".json") && !name.ends_with(".provenance.json"))
        .collect();
    names.sort();
    for name in &names {
        let bytes = fs::read(folder.path().join(name)).expect("a document");
        let document: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert!(document["paths"].is_object(), "{name}");
    }
    names
}
