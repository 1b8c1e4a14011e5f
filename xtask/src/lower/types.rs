//! Types: every schema says its type where that can be known, and carries no keyword
//! that belongs to another type. A schema that says nothing is any value.

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::report::Report;

const CONSTRUCT: &str = "types";

/// Keywords that hold a schema's structure, and the type that they belong to.
const STRUCTURE: [(&str, &str); 6] = [
    ("properties", "object"),
    ("additionalProperties", "object"),
    ("required", "object"),
    ("x-sixclicks-mark-pattern-properties", "object"),
    ("items", "array"),
    ("x-sixclicks-mark-prefix-items", "array"),
];

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |pointer, schema| {
        if !schema.is_object() {
            *schema = json!({});
        }
        if schema.get("$ref").is_some() {
            return;
        }
        known_type(pointer, schema, report);
        infer(schema);
        tidy(pointer, schema, report);
    });
    Ok(())
}

/// Reads spellings of types that OpenAPI does not have.
fn known_type(pointer: &str, schema: &mut Value, report: &mut Report) {
    let Some(name) = schema.get("type").cloned() else {
        return;
    };
    let now = match name.as_str() {
        Some("string" | "integer" | "number" | "boolean" | "array" | "object") => return,
        Some("file") => {
            schema["format"] = json!("binary");
            Some("string")
        }
        _ => None,
    };
    let was = format!("the type `{name}`");
    match now {
        Some(now) => {
            schema["type"] = json!(now);
            report.adapt(CONSTRUCT, pointer, was, format!("`{now}`"));
        }
        None => {
            if let Some(object) = schema.as_object_mut() {
                object.remove("type");
            }
            report.adapt(CONSTRUCT, pointer, was, "any value");
        }
    }
}

/// Fills in the type where the other keywords leave no doubt.
fn infer(schema: &mut Value) {
    let composed = ["allOf", "oneOf", "anyOf"]
        .iter()
        .any(|keyword| schema.get(*keyword).is_some());
    if schema.get("type").is_some() || composed {
        return;
    }
    // NSwag writes `additionalProperties: false` beside everything, whatever its type.
    if schema.get("properties").is_none()
        && schema.get("additionalProperties") == Some(&json!(false))
        && let Some(object) = schema.as_object_mut()
    {
        object.remove("additionalProperties");
    }
    let structure = STRUCTURE
        .iter()
        .find(|(keyword, _)| *keyword != "required" && schema.get(*keyword).is_some());
    let by_format = match schema.get("format").and_then(Value::as_str) {
        Some(
            "uuid" | "guid" | "date-time" | "date" | "time" | "byte" | "binary" | "password"
            | "uri" | "email" | "date-span" | "time-span",
        ) => Some("string"),
        Some("int32" | "int64") => Some("integer"),
        Some("double" | "float" | "decimal") => Some("number"),
        _ => None,
    };
    if let Some(name) = structure.map(|(_, name)| *name).or(by_format) {
        schema["type"] = json!(name);
    }
}

/// Takes away what belongs to another type.
fn tidy(pointer: &str, schema: &mut Value, report: &mut Report) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    for keyword in ["properties", "x-sixclicks-mark-pattern-properties"] {
        if object.get(keyword).is_some_and(|value| !value.is_object()) {
            object.remove(keyword);
        }
    }
    if object
        .get("required")
        .is_some_and(|value| !value.is_array())
    {
        object.remove("required");
    }
    let Some(kind) = object
        .get("type")
        .and_then(Value::as_str)
        .map(str::to_owned)
    else {
        object.remove("format");
        return;
    };
    for (keyword, owner) in STRUCTURE {
        if owner != kind && object.remove(keyword).is_some() && keyword != "required" {
            report.adapt(
                CONSTRUCT,
                pointer,
                format!("`{keyword}` beside type `{kind}`"),
                format!("only the type `{kind}`"),
            );
        }
    }
    if kind == "array" && !object.get("items").is_some_and(Value::is_object) {
        object.insert("items".to_owned(), json!({}));
    }
    if matches!(kind.as_str(), "array" | "object" | "boolean") {
        object.remove("format");
    }
}
