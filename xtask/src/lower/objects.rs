//! Objects: what a server may add is never refused, what is not required may be missing
//! or null, and only the server fills in what is read-only.

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::report::Report;

const CONSTRUCT: &str = "objects";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |pointer, schema| {
        if schema.get("type").is_some_and(|kind| kind == "object") {
            lower(pointer, schema, report);
        }
    });
    Ok(())
}

fn lower(pointer: &str, schema: &mut Value, report: &mut Report) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    patterns(pointer, object, report);
    if object
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(serde_json::Map::is_empty)
    {
        object.remove("properties");
    }
    match object.get("additionalProperties") {
        Some(Value::Bool(false)) => {
            object.remove("additionalProperties");
            report.adapt(
                CONSTRUCT,
                pointer,
                "`additionalProperties: false`",
                "fields that the server adds are ignored",
            );
        }
        Some(Value::Bool(true) | Value::Object(_)) | None => {}
        Some(_) => {
            object.remove("additionalProperties");
        }
    }
    if object.get("properties").is_none() {
        object.remove("required");
        if object.get("additionalProperties").is_none() {
            object.insert("additionalProperties".to_owned(), json!(true));
        }
        return;
    }
    if object.get("additionalProperties") == Some(&json!(true)) {
        object.insert("additionalProperties".to_owned(), json!({}));
    }
    require(pointer, object, report);
}

/// Names of a shape become names of any shape.
fn patterns(pointer: &str, object: &mut walk::Object, report: &mut Report) {
    if object.remove("x-pattern-properties").is_some() {
        report.adapt(
            CONSTRUCT,
            pointer,
            "`patternProperties`",
            "`additionalProperties`",
        );
    }
}

/// Leaves in `required` what has to be there in requests and responses alike.
fn require(pointer: &str, object: &mut walk::Object, report: &mut Report) {
    let listed: Vec<String> = object
        .remove("required")
        .and_then(|names| names.as_array().cloned())
        .unwrap_or_default()
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let mut required: Vec<String> = Vec::new();
    for name in listed {
        // A name that differs in case alone is another name to who validates what is sent.
        let known = properties.keys().find(|key| **key == name).cloned();
        match known {
            Some(known) if properties[&known]["readOnly"] == json!(true) => {
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("`{known}` read-only and required"),
                    "optional, so that requests can leave it out",
                );
            }
            Some(known) if !required.contains(&known) => required.push(known),
            Some(_) => {}
            None => {
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("`{name}` required but not described"),
                    "an optional value of any type",
                );
                properties.insert(name, json!({}));
            }
        }
    }
    for (name, property) in properties.iter_mut() {
        if !required.contains(name) && !is_any(property) {
            if property.get("$ref").is_some() {
                *property = json!({"allOf": [property.take()]});
            }
            property["nullable"] = json!(true);
        }
    }
    if !required.is_empty() {
        object.insert("required".to_owned(), json!(required));
    }
}

/// A schema that takes any value takes null as well.
fn is_any(schema: &Value) -> bool {
    const SAYING: [&str; 6] = ["type", "$ref", "allOf", "oneOf", "x-rust-type", "enum"];
    !SAYING.iter().any(|keyword| schema.get(*keyword).is_some())
}
