//! `cargo xtask generate` over documents that have something to be told: what is lost, which
//! report says what, and what is refused.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

/// A folder with documents, and another that crates are generated into.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(documents: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        fs::create_dir(folder.path("documents")).expect("a folder");
        for (name, text) in documents {
            folder.write(&format!("documents/{name}"), text);
        }
        folder
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    fn write(&self, inside: &str, text: &str) {
        fs::write(self.path(inside), text).expect("a file");
    }

    fn read(&self, inside: &str) -> String {
        fs::read_to_string(self.path(inside)).unwrap_or_else(|error| panic!("{inside}: {error}"))
    }

    fn generate(&self, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("generate")
            .args(["--source".as_ref(), self.path("documents").as_os_str()])
            .args(["--out".as_ref(), self.path("out").as_os_str()])
            .args(["--report".as_ref(), self.path("report.md").as_os_str()])
            .args(more)
            .output()
            .expect("the program")
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A document with one operation for each method and path.
fn document(title: &str, operations: &[(&str, &str)]) -> String {
    let items = operations.iter().map(|(method, path)| {
        format!(r#""{path}": {{"{method}": {{"operationId": "{method}It", "responses": {{"204": {{"description": "Done"}}}}}}}}"#)
    });
    let paths = items.collect::<Vec<_>>().join(", ");
    format!(
        r#"{{"openapi": "3.0.1", "info": {{"title": "{title}", "version": "1"}}, "paths": {{{paths}}}}}"#
    )
}

#[test]
fn two_path_items_of_one_path_keep_all_operations() {
    let folder = Folder::new(&[(
        "twice.json",
        &document("Twice", &[("get", "/a"), ("post", "/a")]),
    )]);
    let output = folder.generate(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let client = folder.read("out/sixclicks-twice-api/src/client.rs");
    for method in ["pub fn get_it", "pub fn post_it"] {
        assert!(client.contains(method), "{client}");
    }
    let report = folder.read("report.md");
    assert!(
        report.contains("`/paths/~1a`: this key is a duplicate"),
        "{report}"
    );
}

#[test]
fn an_operation_that_another_one_replaces_is_a_loss() {
    let text = document("Twice", &[("get", "/a"), ("get", "/a")]);
    let folder = Folder::new(&[("twice.json", &text.replacen("getIt", "getOther", 1))]);
    let output = folder.generate(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("at /paths/~1a/get"),
        "{}",
        said(&output)
    );
    assert!(folder.generate(&["--allow-loss"]).status.success());
}

#[test]
fn a_document_without_operations_is_refused_and_nothing_is_written() {
    let empty = document("Empty", &[]);
    let folder = Folder::new(&[("empty.json", &empty)]);
    let output = folder.generate(&[]);
    assert_eq!(output.status.code(), Some(2));
    let message = said(&output);
    assert!(
        message.contains("empty.json: the document has no operation") && message.contains("help: "),
        "{message}"
    );
    assert!(!folder.path("out").exists());
}

#[test]
fn a_document_of_schemas_beside_others_is_no_crate_and_is_named() {
    let folder = Folder::new(&[
        ("empty.json", &document("Empty", &[])),
        ("oak.json", &document("Oak", &[("get", "/oak")])),
    ]);
    let output = folder.generate(&[]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("empty.json: the document has no operation"),
        "{}",
        said(&output)
    );
    assert!(folder.path("out/sixclicks-oak-api").exists());
    assert!(!folder.path("out/sixclicks-empty-api").exists());
    let named = folder.path("documents/empty.json");
    let output = folder.generate(&["--source", named.to_str().expect("a path")]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn numbers_of_one_are_singular() {
    let folder = Folder::new(&[("oak.json", &document("Oak", &[("get", "/oak")]))]);
    let output = folder.generate(&[]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        printed.contains("sixclicks-oak-api: 1 operation, 0 types, "),
        "{printed}"
    );
    assert!(folder.read("report.md").contains(", 0 losses, "));
}

#[test]
fn a_prefix_that_cargo_refuses_is_refused_with_a_better_one() {
    let folder = Folder::new(&[("oak.json", &document("Oak", &[("get", "/oak")]))]);
    for (prefix, better) in [
        ("6clicks", "`sixclicks`"),
        ("Six Clicks!", "`six-clicks`"),
        ("-acorn", "`acorn`"),
        ("", "`acorn-inc`"),
        ("Éclair", "`clair`"),
    ] {
        let config = format!("crate_prefix = {prefix:?}\nproduct = \"Acorn Inc\"\n");
        folder.write("documents/sixclicks.toml", &config);
        let output = folder.generate(&[]);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{prefix}: {message}");
        assert!(message.contains(better), "{prefix}: {message}");
        assert!(!folder.path("out").exists());
    }
    folder.write("documents/sixclicks.toml", "crate_prefix = \"a_1-b\"\n");
    assert!(folder.generate(&[]).status.success());
    assert!(folder.path("out/a_1-b-oak-api").exists());
}

#[test]
fn the_report_of_a_crate_has_the_notes_of_its_documents_alone() {
    let elm = document("Elm", &[("get", "/elm")]).replacen('{', r#"{"x-elm-note": 1, "#, 1);
    let oak = document("Oak", &[("get", "/oak")]).replacen('{', r#"{"x-oak-note": 1, "#, 1);
    let twice = elm.replacen(
        "\"title\": \"Elm\"",
        "\"title\": \"Other\", \"title\": \"Elm\"",
        1,
    );
    let folder = Folder::new(&[("a.json", &twice), ("b.json", &oak)]);
    let output = folder.generate(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let report = folder.read("report.md");
    let (elm, oak) = report
        .split_once("# sixclicks-oak-api")
        .expect("two crates");
    assert!(
        elm.contains("x-elm-note") && elm.contains("a#/info/title"),
        "{elm}"
    );
    assert!(!elm.contains("x-oak-note"), "{elm}");
    assert!(oak.contains("x-oak-note"), "{oak}");
    assert!(
        !oak.contains("x-elm-note") && !oak.contains("duplicate"),
        "{oak}"
    );
}

/// Crates of two documents, of which one is gone.
fn with_an_orphan() -> Folder {
    let folder = Folder::new(&[
        ("elm.json", &document("Elm", &[("get", "/elm")])),
        ("oak.json", &document("Oak", &[("get", "/oak")])),
    ]);
    assert!(folder.generate(&[]).status.success());
    fs::remove_file(folder.path("documents/elm.json")).expect("the document");
    folder
}

#[test]
fn crates_that_no_document_describes_are_listed_and_stay() {
    let folder = with_an_orphan();
    let output = folder.generate(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        printed.contains("no document describes these crates any more")
            && printed.contains("\n  sixclicks-elm-api\n")
            && printed.contains("generate --prune"),
        "{printed}"
    );
    assert!(folder.path("out/sixclicks-elm-api/Cargo.toml").exists());
    assert!(
        folder
            .read("out/sixclicks.lock")
            .contains("[sixclicks-elm-api]")
    );
    assert!(folder.generate(&["--check"]).status.success());
    let output = folder.generate(&["--check", "--prune"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("sixclicks-elm-api"),
        "{}",
        said(&output)
    );
    assert!(folder.path("out/sixclicks-elm-api/Cargo.toml").exists());
}

#[test]
fn pruning_removes_the_folder_the_member_and_the_lock_entry() {
    let folder = with_an_orphan();
    let output = folder.generate(&["--prune"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(!folder.path("out/sixclicks-elm-api").exists());
    for file in ["out/Cargo.toml", "out/sixclicks.lock"] {
        let text = folder.read(file);
        assert!(
            !text.contains("elm") && text.contains("oak"),
            "{file}: {text}"
        );
    }
    assert!(folder.generate(&["--check", "--prune"]).status.success());
}

#[test]
fn one_api_on_request_makes_no_orphans_of_the_others() {
    let folder = with_an_orphan();
    folder.write("documents/elm.json", &document("Elm", &[("get", "/elm")]));
    let output = folder.generate(&["--api", "oak", "--prune"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(folder.path("out/sixclicks-elm-api").exists());
    assert!(folder.read("out/Cargo.toml").contains("sixclicks-elm-api"));
}

#[test]
fn a_handwritten_file_keeps_a_crate_from_being_pruned() {
    let folder = with_an_orphan();
    folder.write("out/sixclicks-elm-api/src/extras.rs", "// mine");
    let output = folder.generate(&["--prune"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("src/extras.rs"), "{}", said(&output));
    assert!(folder.path("out/sixclicks-elm-api/src/lib.rs").exists());
}
