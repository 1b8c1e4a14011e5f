//! The property of a struct that is its discriminator.

use serde_json::{Value, json};

use super::{CONSTANT, TAG, Tags, open};
use crate::lower::walk;

/// What is kept of the property as the document describes it.
const KEPT: [&str; 2] = ["description", "deprecated"];

/// Makes a property what the unions that give it tags say together.
pub(super) fn fix(schema: &mut Value, property: &str, given: &[Tags]) {
    let mut values: Vec<&Value> = Vec::new();
    for value in given.iter().flat_map(|tags| &tags.values) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let mut now = json!({});
    let known = schema["properties"].get(property);
    for keyword in KEPT {
        if let Some(value) = known.and_then(|known| known.get(keyword)) {
            now[keyword] = value.clone();
        }
    }
    let is_settable = given.iter().any(|tags| tags.is_settable);
    match values.as_slice() {
        [] if known.is_none() => {}
        [] => {
            now["type"] = json!("string");
            now[TAG] = json!("received");
            now["x-sixclicks-mark-rust-type"] = json!({
                "crate": "sixclicks-core", "version": "*", "path": "sixclicks_core::Discriminator",
            });
            put(schema, property, now);
        }
        [only] if !is_settable => {
            now["type"] = json!(kind(only));
            now[TAG] = json!("fixed");
            now[CONSTANT] = (*only).clone();
            put(schema, property, now);
        }
        several if several.iter().all(|v| v.is_string()) || several.iter().all(|v| v.is_i64()) => {
            now["type"] = json!(kind(several[0]));
            now[TAG] = json!("first");
            now["enum"] = several.iter().map(|value| (*value).clone()).collect();
            put(schema, property, now);
        }
        // Values of several types have no type of their own; the union writes them.
        _ => optional(schema, property),
    }
    let is_base = given.iter().all(|tags| tags.is_base);
    if is_base {
        open(schema);
    }
}

/// Makes a discriminator that nobody gives a value the first property, which may be left out.
pub(super) fn loosen(schema: &mut Value, property: &str) {
    let known = schema["properties"].get(property).cloned();
    if let Some(mut known) = known.filter(Value::is_object) {
        if known.get("$ref").is_some() {
            known = json!({"allOf": [known]});
        }
        known[TAG] = json!("free");
        put(schema, property, known);
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        _ => "string",
    }
}

/// Puts a property in the first place, not required.
fn put(schema: &mut Value, property: &str, now: Value) {
    let mut properties = walk::Object::new();
    properties.insert(property.to_owned(), now);
    if let Some(Value::Object(others)) = schema.get_mut("properties").map(Value::take) {
        for (name, other) in others {
            properties.entry(name).or_insert(other);
        }
    } else if schema
        .get("additionalProperties")
        .is_none_or(|rest| *rest == json!(true))
    {
        // An object of anything stays one.
        schema["additionalProperties"] = json!({});
    }
    schema["properties"] = Value::Object(properties);
    optional(schema, property);
}

fn optional(schema: &mut Value, property: &str) {
    let required = schema.get_mut("required").and_then(Value::as_array_mut);
    let Some(required) = required else { return };
    let before = required.len();
    required.retain(|name| name != property);
    let (now, is_empty) = (required.len(), required.is_empty());
    if is_empty && let Some(schema) = schema.as_object_mut() {
        schema.remove("required");
    }
    // A form has no union around it that could fill it in.
    if now < before {
        schema["properties"][property]["x-sixclicks-mark-required"] = json!(true);
    }
}
