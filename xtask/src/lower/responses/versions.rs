//! Successes that are JSON of several schemas, told apart by their media types, as versions of an
//! API are: each is a method of its own, which asks for its media type.

use serde_json::{Value, json};

use super::CONSTRUCT;
use crate::{
    lower::walk,
    media::{self, Family},
    report::Report,
};

/// The mark for the methods of one operation.
const ALTERNATIVES: &str = "x-sixclicks-mark-alternatives";

/// Leaves an operation the preferred schema, and adds a copy of it for each of the others.
pub fn split(pointer: &str, operation: &mut Value, report: &mut Report) {
    let versions = versions(operation);
    if versions.is_empty() {
        return;
    }
    let plain = operation.clone();
    for version in &versions {
        retain(operation, &mut |schema| *schema != version.schema);
    }
    let at = format!("{pointer}/responses");
    let names: Vec<&str> = versions.iter().map(|own| own.media_type.as_str()).collect();
    if pointer.contains(ALTERNATIVES) {
        // This is such a copy already, with a body of its own.
        report.lose(
            CONSTRUCT,
            at,
            format!(
                "a success as {} with a schema of its own",
                names.join(" or ")
            ),
            "it is asked for together with the first kind of body alone",
        );
        return;
    }
    report.adapt(
        CONSTRUCT,
        at,
        format!(
            "a success as {} with a schema of its own",
            names.join(" or ")
        ),
        "a method of its own",
    );
    for version in versions {
        let mut other = plain.clone();
        if let Some(other) = other.as_object_mut() {
            other.remove(ALTERNATIVES);
        }
        let id = other["operationId"].as_str().unwrap_or_default();
        let suffix = media::difference(&version.media_type, &version.first);
        other["operationId"] = json!(format!("{}_{suffix}", id.trim_end_matches('_')));
        retain(&mut other, &mut |schema| *schema == version.schema);
        match operation
            .get_mut(ALTERNATIVES)
            .and_then(Value::as_array_mut)
        {
            Some(others) => others.push(other),
            None => operation[ALTERNATIVES] = json!([other]),
        }
    }
}

/// A schema beside the preferred one.
struct Version {
    media_type: String,
    schema: Value,
    /// The media type of the preferred schema.
    first: String,
}

/// The schemas of an operation's successes beside the preferred ones.
fn versions(operation: &Value) -> Vec<Version> {
    let mut versions: Vec<Version> = Vec::new();
    let responses = operation["responses"].as_object();
    for (status, response) in responses.into_iter().flatten() {
        let mut contents = described(response);
        if !status.starts_with('2') || contents.len() < 2 {
            continue;
        }
        contents.sort_by_key(|(name, _)| media::essence(name) != "application/json");
        let (first, schema) = contents[0];
        for (name, other) in &contents[1..] {
            if other != &schema && versions.iter().all(|known| known.schema != **other) {
                versions.push(Version {
                    media_type: (*name).clone(),
                    schema: (*other).clone(),
                    first: first.clone(),
                });
            }
        }
    }
    versions
}

/// The JSON of a response that has a schema.
fn described(response: &Value) -> Vec<(&String, &Value)> {
    let content = response["content"].as_object().into_iter().flatten();
    let json = content.filter(|(name, _)| media::family(name, false) == Family::Json);
    json.filter_map(|(name, value)| Some((name, value.get("schema")?)))
        .filter(|(_, schema)| schema.as_object().is_some_and(|schema| !schema.is_empty()))
        .collect()
}

/// Leaves the successes that have several schemas those that are kept.
fn retain(operation: &mut Value, keep: &mut dyn FnMut(&Value) -> bool) {
    let responses = walk::object_at(operation, &["responses"]);
    for (status, response) in responses.into_iter().flatten() {
        let contents = described(response);
        let first = contents.first().map(|(_, schema)| (*schema).clone());
        let differ = contents
            .iter()
            .any(|(_, schema)| Some(*schema) != first.as_ref());
        let kept = contents.iter().any(|(_, schema)| keep(schema));
        if !status.starts_with('2') || !differ || !kept {
            continue;
        }
        if let Some(content) = walk::object_at(response, &["content"]) {
            content.retain(|name, value| {
                let json = media::family(name, false) == Family::Json;
                let described = value["schema"].as_object().is_some_and(|s| !s.is_empty());
                !json || !described || keep(&value["schema"])
            });
        }
    }
}
