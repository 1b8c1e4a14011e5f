//! Every pass on documents before and after: `passes/<pass>.json` holds, for each construct
//! that the pass is for, the part of a document that it changes, and what a user sees of the
//! Rust that the whole pipeline makes of it. Set `BLESS=1` to write what comes out as what is
//! expected, and read the difference before it is committed.

#[path = "passes/rust.rs"]
mod rust;

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use xtask::{lower, report::Report};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/passes")
}

/// A document around a part of one.
fn document(part: &Value) -> Value {
    let mut document =
        json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}});
    for (key, value) in part.as_object().into_iter().flatten() {
        if key == "schemas" {
            document["components"] = json!({"schemas": value});
        } else {
            document[key.as_str()] = value.clone();
        }
    }
    document
}

/// The part that a pass may change.
fn part(document: &Value) -> Value {
    let mut part = json!({});
    if document["paths"]
        .as_object()
        .is_some_and(|paths| !paths.is_empty())
    {
        part["paths"] = document["paths"].clone();
    }
    if document["components"]["schemas"].is_object() {
        part["schemas"] = document["components"]["schemas"].clone();
    }
    part
}

#[test]
fn every_pass_makes_of_each_construct_what_is_written_down() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (name, pass) in lower::passes() {
        let path = folder().join(format!("{}.json", name.replace(' ', "_")));
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut cases: Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in cases.as_array_mut().expect("a list of cases") {
            let mut document = document(&case["before"]);
            let mut report = Report::default();
            let result = pass(&mut document, &mut report);
            let now = match result {
                Ok(()) => part(&document),
                Err(error) => json!({"error": error.to_string()}),
            };
            let rust = rust::seen(self::document(&case["before"]));
            assert!(!report.losses().any(|_| true), "{name}: {}", case["name"]);
            if now != case["after"] {
                wrong.push(format!("{name}: {}\n{now:#}", case["name"]));
            }
            if rust != case["rust"] {
                wrong.push(format!("{name}: {}\n{rust:#}", case["name"]));
            }
            case["after"] = now;
            case["rust"] = rust;
            seen += 1;
        }
        if std::env::var_os("BLESS").is_some() {
            let text = serde_json::to_string_pretty(&cases).expect("JSON");
            fs::write(&path, text + "\n").expect("the folder of the passes");
        }
    }
    assert!(seen >= 60, "only {seen} cases");
    assert!(
        wrong.is_empty() || std::env::var_os("BLESS").is_some(),
        "{}",
        wrong.join("\n\n")
    );
}
