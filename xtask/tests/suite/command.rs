//! The command line, as it is used: what it exits with, what it says, and what it leaves
//! alone.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const DOCUMENT: &str = r##"{"openapi": "3.0.1", "info": {"title": "Things", "version": "1"}, "paths": {
    "/things": {"get": {"responses": {"200": {"description": "OK", "content": {
        "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}}}}}}},
    "components": {"schemas": {"Thing": {"type": "object", "properties": {"name": {"type": "string"}}}}}}"##;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .output()
        .expect("the program")
}

/// Generates the crates of a source into a folder.
fn generate(source: &Path, out: &Path, more: &[&str]) -> Output {
    let mut arguments = vec!["generate", "--source", source.to_str().unwrap()];
    arguments.extend(["--out", out.to_str().unwrap()]);
    arguments.extend(more);
    xtask(&arguments)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file below a folder with its content.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(path.clone(), fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

/// A folder with crates that were generated from a good document.
fn generated() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("things.json");
    fs::write(&source, DOCUMENT).expect("the document");
    let out = folder.path().join("out");
    let output = generate(&source, &out, &[]);
    assert!(output.status.success(), "{}", text(&output));
    (folder, out)
}

#[test]
fn bad_input_is_one_clear_message_and_nothing_on_disk_changes() {
    let (folder, out) = generated();
    let before = snapshot(&out);
    let path = |name: &str| folder.path().join(name);
    fs::write(path("text.json"), "hello: [").unwrap();
    fs::write(path("other.json"), r#"{"a": 1}"#).unwrap();
    fs::write(path("empty.json"), "").unwrap();
    fs::create_dir(path("folder")).unwrap();
    fs::write(
        path("syntax.json"),
        "{\n  \"openapi\": \"3.0.1\",\n  \"paths\": {]\n}",
    )
    .unwrap();
    let zeros = fs::File::create(path("zeros.json")).unwrap();
    zeros.set_len(200 << 20).unwrap();
    fs::write(path("deep.json"), "[".repeat(100_000)).unwrap();
    for (name, said) in [
        ("text.json", "text.json"),
        ("other.json", "openapi"),
        ("empty.json", "empty"),
        ("folder", "no OpenAPI document"),
        ("missing.json", "missing.json"),
        ("syntax.json", "syntax.json:3:"),
        ("zeros.json", "zeros.json"),
        ("deep.json", "deep.json"),
    ] {
        let source = path(name);
        let output = generate(&source, &out, &[]);
        let message = text(&output);
        assert_eq!(output.status.code(), Some(2), "{name}: {message}");
        assert!(
            message.starts_with("error: ") && message.contains(said),
            "{name}: {message}"
        );
        assert!(message.contains("help: "), "{name} has no hint: {message}");
        assert_eq!(snapshot(&out), before, "{name} changed something");
    }
    let (document, file) = (path("document.json"), path("other.json"));
    fs::write(&document, DOCUMENT).unwrap();
    let output = generate(&document, &file, &[]);
    let message = text(&output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("other.json is a file"), "{message}");
    assert_eq!(fs::read_to_string(&file).unwrap(), r#"{"a": 1}"#);
}

#[test]
fn a_second_run_changes_nothing_and_a_check_proves_it() {
    let (folder, out) = generated();
    let before = snapshot(&out);
    let source = folder.path().join("things.json");
    let run = |more: &[&str]| generate(&source, &out, more);
    assert!(run(&[]).status.success());
    assert_eq!(snapshot(&out), before);
    assert_eq!(run(&["--check"]).status.code(), Some(0));
    let file = out.join("sixclicks-things-api/src/types.rs");
    fs::write(&file, "// changed by hand").unwrap();
    let output = run(&["--check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("types.rs"), "{}", text(&output));
    assert_eq!(fs::read_to_string(file).unwrap(), "// changed by hand");
}

#[test]
fn a_loss_is_an_error_unless_it_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("lossy.json");
    let lossy = r##"{"openapi": "3.0.3", "info": {"title": "Lossy", "version": "1"}, "paths": {"/a": {
        "get": {"responses": {"200": {"description": "OK", "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/Nothing"}}}}}}}}}"##;
    fs::write(&source, lossy).unwrap();
    let out = folder.path().join("out");
    let run = |more: &[&str]| generate(&source, &out, more);
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output).contains("/paths/~1a/get/responses/200/content/application~1json/schema"),
        "{}",
        text(&output)
    );
    assert!(!out.exists());
    assert!(run(&["--allow-loss"]).status.success());
}

#[test]
fn the_report_tells_what_was_adapted_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let (source, report) = (
        folder.path().join("things.json"),
        folder.path().join("report.md"),
    );
    fs::write(&source, DOCUMENT).unwrap();
    let output = generate(
        &source,
        &folder.path().join("out"),
        &["--report", report.to_str().unwrap()],
    );
    assert!(output.status.success());
    let text = fs::read_to_string(report).unwrap();
    assert!(
        text.contains("## operation ids (1)") && text.contains("`/paths/~1things/get`"),
        "{text}"
    );
}

/// The result of a run over a folder, and what it exits with.
fn conformance(folder: &Path, more: &[&str]) -> (serde_json::Value, Option<i32>, String) {
    let json = folder.join("result.out");
    let arguments = [
        "conformance",
        folder.to_str().unwrap(),
        "--json",
        json.to_str().unwrap(),
    ];
    let output = xtask(&[&arguments[..], more].concat());
    let result = fs::read(json).unwrap_or_else(|error| panic!("{error}: {}", text(&output)));
    let result = serde_json::from_slice(&result).expect("JSON");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    (result, output.status.code(), printed + &text(&output))
}

#[test]
fn conformance_tells_of_every_document_and_stops_for_none() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("more")).unwrap();
    write("a.json", DOCUMENT);
    write(
        "b.json",
        &DOCUMENT.replace("schemas/Thing\"", "schemas/Nothing\""),
    );
    write(
        "more/c.yaml",
        "openapi: 3.0.1\ninfo: {title: C, version: '1'}\npaths: {}\n",
    );
    write("more/d.json", "{\"openapi\": \"3.0.1\",");
    write("more/data.json", "[1, 2]");
    let (result, code, said) = conformance(folder.path(), &[]);
    assert_eq!(code, Some(0));
    for part in [
        "5/5 files read",
        "4 documents: 1 invalid, 3 generated, 0 compiled, 0 warnings, 1 loss, 2 of 2 operations",
        "4 of 5 files are documents",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(keys(&result), ["documents", "totals"]);
    let documents = result["documents"].as_array().unwrap();
    let rows: Vec<_> = documents
        .iter()
        .map(|row| {
            (
                row["file"].as_str().unwrap(),
                row["status"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("a.json", "generated"),
            ("b.json", "generated"),
            ("more/c.yaml", "generated"),
            ("more/d.json", "invalid")
        ]
    );
    for row in documents {
        assert_eq!(
            keys(row),
            [
                "file",
                "writer",
                "status",
                "error",
                "operations",
                "methods",
                "schemas",
                "types",
                "adaptations",
                "losses",
                "warned",
                "compiled",
                "warnings",
                "lines",
                "seconds"
            ]
        );
        assert_eq!(
            row["error"].is_null(),
            row["status"] == "generated",
            "{row}"
        );
        assert!(row["compiled"].is_null(), "not asked for: {row}");
    }
    assert_eq!(documents[1]["losses"], 1, "a reference to nowhere");
    assert!(
        documents[3]["error"]
            .as_str()
            .unwrap()
            .contains("d.json:1:")
    );
    assert_eq!(
        result["totals"],
        serde_json::json!({
            "documents": 4, "invalid": 1, "generated": 3, "compiled": 0, "warnings": 0,
            "losses": 1, "warned": 0, "operations": 2, "methods": 2
        })
    );
}

#[test]
fn a_valid_document_that_fails_makes_the_conformance_fail() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), DOCUMENT).unwrap();
    // No document is done in no time.
    let (result, code, said) = conformance(folder.path(), &["--limit", "0"]);
    assert!(said.contains("error: 1 valid document failed"), "{said}");
    assert_eq!(code, Some(1));
    assert_eq!(result["documents"][0]["status"], "failed");
    assert_eq!(
        result["documents"][0]["error"],
        "the pipeline took more than 0 s"
    );
    assert_eq!(result["totals"]["generated"], 0);
}
