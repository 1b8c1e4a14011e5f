//! Catch-all segments: `{**path}` loses its asterisks in every document. In an ordinary segment a
//! slash would call another route, so that only the user can say which it is.

use serde_json::{Value, json};

use super::{suspect, table::Context};
use crate::report::{Report, Warning};

/// Names of parameters that hold several segments more often than one.
const NAMES: [&str; 6] = ["path", "rest", "url", "uri", "catchall", "wildcard"];

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let mut actions = Vec::new();
    let mut places = Vec::new();
    for operation in suspect::operations(document) {
        let Some(name) = last_parameter(operation.path) else {
            continue;
        };
        for parameter in operation.parameters() {
            let value = parameter.value;
            let schema = value.get("schema").unwrap_or(value);
            let is_text = schema["type"] == "string"
                || schema["type"]
                    .as_array()
                    .is_some_and(|types| types.contains(&json!("string")));
            let plain = is_text && schema.get("format").is_none() && schema.get("enum").is_none();
            if value["in"] == "path"
                && value["name"]
                    .as_str()
                    .is_some_and(|own| own.eq_ignore_ascii_case(name))
                && value.get("x-sixclicks-catch-all").is_none()
                && plain
            {
                let why = format!("{{**{name}}}: slashes are part of the value.");
                let update = json!({"x-sixclicks-catch-all": true});
                actions.push(suspect::update(parameter.target, &why, update));
                places.push((
                    parameter.pointer,
                    format!("{} {}", operation.method.to_uppercase(), operation.path),
                ));
            }
        }
    }
    let Some((pointer, _)) = places.first() else {
        return;
    };
    let listed: Vec<&str> = places
        .iter()
        .map(|(_, operation)| operation.as_str())
        .collect();
    report.warn(Warning {
        construct: context.name,
        pointer: pointer.clone(),
        message: format!(
            "the last parameter may be a catch-all, whose slashes must not be escaped: {}",
            listed.join(", ")
        ),
        actions,
    });
}

/// The parameter that is all of the last segment, when its name tells of several segments.
fn last_parameter(path: &str) -> Option<&str> {
    let last = path.rsplit('/').next()?;
    let name = last.strip_prefix('{')?.strip_suffix('}')?;
    let lower = name.to_ascii_lowercase();
    let words = suspect::words(name);
    let telling =
        words.last().is_some_and(|word| word == "path") || NAMES.contains(&lower.as_str());
    (telling && !name.starts_with('*')).then_some(name)
}
