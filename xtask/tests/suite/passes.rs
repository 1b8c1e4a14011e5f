//! Every pass on documents before and after: `passes/<pass>.json` holds, for each construct
//! that the pass is for, the part of a document that it changes, and what a user sees of the
//! Rust that the whole pipeline makes of it; what is lost is written down too. Set `BLESS=1` to write what comes out as what is
//! expected, and read the difference before it is committed.

use std::path::Path;

use serde_json::{Value, json};
use xtask::{config::Config, lower, report::Report};

use crate::{cases::Cases, rust};

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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/passes");
    let mut cases = Cases::default();
    for (name, pass) in lower::passes() {
        let path = folder.join(format!("{}.json", name.replace(' ', "_")));
        cases.look(&path, |case| {
            let before = document(&case["before"]);
            let mut after = before.clone();
            let mut report = Report::default();
            let after = match pass(&mut after, &mut report) {
                Ok(()) => part(&after),
                Err(error) => json!({"error": error.to_string()}),
            };
            let losses: Vec<String> = report
                .losses()
                .map(|loss| format!("{}: {}; {}", loss.pointer, loss.was, loss.now))
                .collect();
            let mut made = vec![
                ("after", after),
                ("rust", rust::seen(before, &Config::default())),
            ];
            if !losses.is_empty() || case.get("losses").is_some() {
                made.push(("losses", json!(losses)));
            }
            made
        });
    }
    cases.end(60);
}
