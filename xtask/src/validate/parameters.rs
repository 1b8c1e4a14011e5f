//! Parameters that cannot be sent: without a name or a place, or more than one body.

use serde_json::Value;

use super::Problems;
use crate::openapi::brief;
use crate::openapi::grammar::Kind;
use crate::openapi::pointer::{Pointer, candidates};
use crate::openapi::walk::look;

/// Reports parameters whose meaning is unknown.
pub fn check(document: &Value, problems: &mut Problems) {
    look(document, &mut |value, kind, at| match kind {
        Kind::Parameter => parameter(value, at, problems),
        Kind::PathItem | Kind::Operation => list(value, at, document, problems),
        _ => {}
    });
}

fn parameter(parameter: &Value, at: &Pointer, problems: &mut Problems) {
    if !parameter.is_object() || parameter.get("$ref").is_some() {
        return;
    }
    let place = parameter
        .get("in")
        .and_then(Value::as_str)
        .map(|place| place.trim().to_lowercase());
    match place.as_deref() {
        Some("query" | "path" | "header" | "cookie" | "formdata") => {}
        Some("body" | "querystring") => return,
        // See the upgrade's repairs.
        None if parameter.get("in").is_none() && parameter.get("name").is_some() => {}
        Some(_) => problems.add(
            at,
            "`in` of a parameter is query, path, header, cookie, body or formData",
            format!("found {}", brief(&parameter["in"])),
        ),
        None => problems.add(
            at,
            "a parameter has `in`",
            "say where the parameter is sent",
        ),
    }
    if !parameter.get("name").is_some_and(Value::is_string) {
        problems.add(at, "a parameter has a `name`", "give the parameter a name");
    }
}

fn list(holder: &Value, at: &Pointer, document: &Value, problems: &mut Problems) {
    let Some(Value::Array(list)) = holder.get("parameters") else {
        return;
    };
    let (mut bodies, mut fields) = (0, 0);
    for written in list {
        let resolved = resolve(written, document);
        let text = |key: &str| resolved.get(key).and_then(Value::as_str);
        let place = text("in");
        bodies += usize::from(place == Some("body"));
        fields += usize::from(place == Some("formData"));
    }
    let at = at.join(&["parameters"]);
    if bodies > 1 {
        let message = format!("found {bodies}; combine them into one schema");
        problems.add(&at, "an operation has at most one body parameter", message);
    }
    if bodies > 0 && fields > 0 {
        let message = "keep one of them";
        problems.add(
            &at,
            "body and formData parameters exclude each other",
            message,
        );
    }
}

/// A parameter behind its references, or what it is when they lead nowhere.
fn resolve<'a>(mut parameter: &'a Value, document: &'a Value) -> &'a Value {
    for _ in 0..16 {
        let Some(target) = parameter.get("$ref").and_then(Value::as_str) else {
            break;
        };
        match candidates(target).iter().find_map(|at| at.get(document)) {
            Some(found) => parameter = found,
            None => break,
        }
    }
    parameter
}
