//! The untruths of ASP.NET's document writers: `dialect/<untruth>.json` holds, for each, documents
//! before and after its pass, what the report says, and the Rust that a user sees. Set `BLESS=1` to
//! write what comes out as what is expected, and read the difference before it is committed.
//!
//! A case names the writer, and the pass is looked for by the file's name in its name's id.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};
use xtask::{
    config::Config,
    dialect::{Choice, Dialect, Stage},
    overlay,
    pipeline::Input,
    report::Report,
};

use crate::{cases::Cases, rust};

fn choice(case: &Value) -> Choice {
    let writer = case["writer"].clone();
    serde_json::from_value(writer).unwrap_or_else(|error| panic!("{}: {error}", case["name"]))
}

/// A document around a part of one, in the version that the part says.
fn document(part: &Value) -> Value {
    let mut document = part.clone();
    if part.get("swagger").is_none() && part.get("openapi").is_none() {
        document["openapi"] = json!("3.0.3");
    }
    document["info"] = json!({"title": "T", "version": "1"});
    if part.get("paths").is_none() {
        document["paths"] = json!({});
    }
    document
}

/// The part that a pass may change.
fn part(mut document: Value) -> Value {
    if let Some(document) = document.as_object_mut() {
        document.shift_remove("info");
        if document.get("openapi") == Some(&json!("3.0.3")) {
            document.shift_remove("openapi");
        }
        if document.get("paths") == Some(&json!({})) {
            document.shift_remove("paths");
        }
    }
    document
}

/// The document after the passes of a stage, and the report.
fn corrected(before: &Value, stage: Stage, choice: Choice) -> (Value, Vec<Value>) {
    let mut after = before.clone();
    let mut report = Report::default();
    let dialect = Dialect::of(before, Some(choice));
    match stage {
        Stage::Received => dialect.correct_received(&mut after, &mut report),
        Stage::Upgraded => dialect.correct_upgraded(&mut after, &mut report),
    }
    let adapted = report.entries().iter().map(|entry| {
        json!(format!(
            "{} at {}: {} → {}",
            entry.construct, entry.pointer, entry.was, entry.now
        ))
    });
    let warned = report.warnings().iter().map(|warning| {
        let actions: Vec<String> = warning.actions.iter().map(|action| action.to_yaml()).collect();
        json!({"at": warning.pointer, "warning": warning.construct, "message": warning.message, "actions": actions})
    });
    (after, adapted.chain(warned).collect())
}

/// Applies the overlay actions of a document's warnings as a user does, after which it has none.
fn overlays_help(before: &Value, stage: Stage, choice: Choice, name: &Value) {
    let dialect = Dialect::of(before, Some(choice));
    let warnings = |document: &Value| {
        let mut report = Report::default();
        match stage {
            Stage::Received => dialect.correct_received(&mut document.clone(), &mut report),
            Stage::Upgraded => dialect.correct_upgraded(&mut document.clone(), &mut report),
        }
        report.warnings().to_vec()
    };
    let found = warnings(before);
    let actions = found.iter().flat_map(|warning| &warning.actions);
    let actions: String = actions.map(xtask::report::Action::to_yaml).collect();
    if actions.is_empty() {
        assert!(found.is_empty(), "{name}: a warning without an overlay");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("overlay: 1.0.0\ninfo: {{title: T, version: 1.0.0}}\nactions:\n{actions}");
    fs::write(folder.path().join("a.yaml"), text).expect("a file");
    let mut inputs = [Input::new("t", "t.json", before.clone())];
    if let Err(error) = overlay::apply(folder.path(), &mut inputs) {
        panic!("{name}: {error}\n{actions}");
    }
    assert_ne!(inputs[0].value, *before, "{name}");
    assert_eq!(warnings(&inputs[0].value), [], "{name}");
}

#[test]
fn every_untruth_is_corrected_as_is_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialect");
    let mut cases = Cases::default();
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the folder of the cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        cases.look(&path, |case| {
            let stage = match case["stage"].as_str() {
                Some("received") => Stage::Received,
                _ => Stage::Upgraded,
            };
            let choice = choice(case);
            let before = document(&case["before"]);
            let (after, said) = corrected(&before, stage, choice);
            let (again, said_again) = corrected(&after, stage, choice);
            assert_eq!(again, after, "{}: not idempotent", case["name"]);
            let warnings = said.iter().filter(|line| line.is_object()).count();
            assert!(
                said_again.len() <= warnings,
                "{}: {said_again:?}",
                case["name"]
            );
            overlays_help(&before, stage, choice, &case["name"]);
            let (strict, nothing) = corrected(&before, stage, Choice::Strict);
            assert_eq!((strict, nothing), (before.clone(), Vec::new()));
            let config = Config {
                dialect: Some(choice),
                ..Config::default()
            };
            vec![
                ("after", part(after)),
                ("report", json!(said)),
                ("rust", rust::seen(before, &config)),
            ]
        });
    }
    cases.end(10);
}

/// Every untruth of the table is named in the report of some case, so that none is without a test.
#[test]
fn every_untruth_has_a_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialect");
    let mut reports = String::new();
    for entry in fs::read_dir(folder).expect("the folder of the cases") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        let cases: Vec<Value> = serde_json::from_str(&text).expect("cases");
        reports.extend(cases.iter().map(|case| case["report"].to_string()));
    }
    let missing: BTreeSet<&str> = xtask::dialect::UNTRUTHS
        .iter()
        .map(|untruth| untruth.name)
        .filter(|name| !reports.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
