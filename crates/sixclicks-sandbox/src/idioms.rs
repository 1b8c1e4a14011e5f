//! What generators of documents write and do not mean to the letter of JSON Schema, by which
//! there is often no value at all:
//!
//! - a base that is closed by `additionalProperties: false`, or says of all other names what
//!   they are, and is extended by `allOf`;
//! - a closed object that requires what it does not describe;
//! - an object that is closed beside the union of what it is;
//! - a `oneOf` whose parts a value may fit several of, such as a type and its base;
//! - `type: "null"` beside what the value is when it is not `null`;
//! - an enum that lists texts (`1 (Unknown)`) beside the type of a number.

use serde_json::{Map, Value, json};

use crate::schema;

/// A document or a schema, with what is meant in the place of what is
/// written. Fields that no part of a composition knows are refused all the same, as everywhere.
pub fn meant(given: &Value) -> Value {
    let mut made = given.clone();
    let mut bases = Vec::new();
    settle(&mut made, &mut bases);
    for base in bases {
        let pointer = schema::pointer(&base);
        if let Some(base) = pointer.and_then(|pointer| made.pointer_mut(&pointer)) {
            open_to_more(base);
        }
    }
    made
}

/// Visits every schema, and notes the bases of those that are extended.
fn settle(value: &mut Value, bases: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| settle(item, bases)),
        Value::Object(fields) => {
            open(fields, bases);
            if fields
                .get("enum")
                .is_some_and(|listed| !schema::lists(fields, listed))
            {
                fields.remove("type");
            }
            if let Some(parts) = fields.remove("oneOf") {
                fields.entry("anyOf").or_insert(parts);
            }
            let composed = ["$ref", "allOf", "oneOf", "anyOf"];
            if fields.get("type").is_some_and(|kind| kind == "null")
                && composed.iter().any(|keyword| fields.contains_key(*keyword))
            {
                fields.remove("type");
                fields.insert("nullable".to_owned(), true.into());
            }
            fields.values_mut().for_each(|field| settle(field, bases));
        }
        _ => {}
    }
}

/// Opens what is extended, and describes what is required.
fn open(schema: &mut Map<String, Value>, bases: &mut Vec<String>) {
    if let Some(Value::Array(parts)) = schema.get_mut("allOf") {
        let references = parts.iter().filter_map(|part| part["$ref"].as_str());
        bases.extend(references.map(str::to_owned));
        parts.iter_mut().for_each(open_to_more);
    }
    let composed = ["allOf", "oneOf", "anyOf"];
    if is_closed(schema) && composed.iter().any(|keyword| schema.contains_key(*keyword)) {
        schema.remove("additionalProperties");
    }
    if is_closed(schema)
        && let Some(Value::Array(names)) = schema.get("required").cloned()
        && let Some(properties) = schema
            .entry("properties")
            .or_insert_with(|| json!({}))
            .as_object_mut()
    {
        for name in names.iter().filter_map(Value::as_str) {
            properties.entry(name).or_insert_with(|| json!({}));
        }
    }
}

fn is_closed(schema: &Map<String, Value>) -> bool {
    schema.get("additionalProperties") == Some(&Value::Bool(false))
}

fn open_to_more(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("additionalProperties");
    }
}
