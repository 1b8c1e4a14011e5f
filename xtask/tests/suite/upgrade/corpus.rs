//! Real documents, when they stand beside the checkout: every one upgrades, and every local
//! reference in the result points at something; what is valid parses as OpenAPI 3.0.

use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask::openapi::grammar::Kind;
use xtask::openapi::pointer::{Pointer, candidates};
use xtask::openapi::walk::{Phase, walk};
use xtask::upgrade::upgrade;
use xtask::validate::validate;

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            documents(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
    found.sort();
}

/// References to nowhere, each with where it stands.
fn dangling(document: &mut Value) -> Vec<String> {
    let mut references = Vec::new();
    walk(
        document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, _, at, phase| {
            if let (Phase::Enter, Some(Value::String(target))) = (phase, value.get("$ref")) {
                references.push((at.to_string(), target.clone()));
            }
        },
    );
    references.retain(|(_, target)| {
        target.starts_with('#')
            && !candidates(target)
                .iter()
                .any(|at| at.get(document).is_some())
    });
    references
        .into_iter()
        .map(|(at, target)| format!("{at} -> {target}"))
        .collect()
}

#[test]
fn every_real_document_upgrades_to_openapi_30_with_all_its_references() {
    let Some(corpus) = crate::shared::shared("corpus") else {
        return;
    };
    let mut files = Vec::new();
    documents(&corpus, &mut files);
    assert!(!files.is_empty(), "{}", corpus.display());
    let mut failures = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).expect("a readable file");
        let Ok(document) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}'))
        else {
            continue;
        };
        let mut before = document.clone();
        let is_valid = validate(&document).is_empty();
        let was_dangling = dangling(&mut before).len();
        match upgrade(document) {
            Ok(mut upgraded) => {
                let dangling = dangling(&mut upgraded.value);
                if dangling.len() > was_dangling {
                    failures.push(format!("{}: {dangling:?}", file.display()));
                }
                assert!(
                    upgraded.value["openapi"]
                        .as_str()
                        .is_some_and(|v| v.starts_with("3.0."))
                );
                let parsed = serde_json::from_value::<openapiv3::OpenAPI>(upgraded.value);
                if let (true, Err(error)) = (is_valid, parsed) {
                    failures.push(format!("{}: {error}", file.display()));
                }
            }
            Err(error) => failures.push(format!("{}: {error}", file.display())),
        }
    }
    println!("{} documents", files.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
