//! Documents that nothing remains of once their references to nowhere are cut.

use serde_json::Value;

use super::Problems;
use crate::openapi::grammar::Kind;
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::look;

/// Reports a document whose paths all refer to nothing. A single reference to nowhere is a loss.
pub fn check(document: &Value, upgraded: &Value, problems: &mut Problems) {
    let mut paths = Vec::new();
    look(document, &mut |value, kind, at| {
        let in_paths = at.tokens().first().is_some_and(|first| first == "paths");
        if kind == Kind::PathItem && in_paths && value.get("$ref").is_some() {
            paths.push(at.clone());
        }
    });
    let Some(first) = paths.first().filter(|_| !has_operations(upgraded)) else {
        return;
    };
    let target = first.join(&["$ref"]);
    let target = target.get(document).and_then(Value::as_str);
    let target = target.unwrap_or_default();
    let message = format!(
        "{target} leads nowhere, and no path of the document has an operation; define it or correct the reference"
    );
    problems.add(
        first,
        "a reference points at something that exists",
        message,
    );
}

fn has_operations(document: &Value) -> bool {
    let mut found = false;
    look(document, &mut |_, kind, at: &Pointer| {
        found |=
            kind == Kind::Operation && at.tokens().first().is_some_and(|first| first == "paths");
    });
    found
}
