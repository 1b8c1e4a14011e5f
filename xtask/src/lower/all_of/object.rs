//! Two objects as one: their properties, and what they require.

use serde_json::{Value, json};

use super::defines;

pub(super) fn is_object(schema: &Value) -> bool {
    schema.get("properties").is_some()
        || schema.get("type").is_some_and(|t| t == "object")
        || schema.get("additionalProperties").is_some()
}

/// Every name that any part requires.
pub(super) fn requirements(schema: &Value) -> Vec<Value> {
    let mut names = Vec::new();
    let parts = schema["allOf"].as_array().into_iter().flatten();
    for part in parts.chain(std::iter::once(schema)) {
        if !defines(part) || std::ptr::eq(part, schema) {
            names.extend(part["required"].as_array().cloned().unwrap_or_default());
        }
    }
    names
}

pub(super) fn require(schema: &mut Value, names: &[Value]) {
    let mut all: Vec<Value> = schema["required"].as_array().cloned().unwrap_or_default();
    for name in names {
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    schema["required"] = Value::Array(all);
}

/// Adds an object's properties to another's. A property that both have keeps the later
/// definition, unless that says nothing.
pub(super) fn add(into: &mut Value, part: Value) {
    into["type"] = json!("object");
    for (name, property) in part["properties"].as_object().into_iter().flatten() {
        let known = into["properties"].get(name).is_some_and(defines);
        if !known || defines(property) {
            into["properties"][name.as_str()] = property.clone();
        }
    }
    require(into, part["required"].as_array().map_or(&[], Vec::as_slice));
    if into["required"].as_array().is_some_and(Vec::is_empty)
        && let Some(object) = into.as_object_mut()
    {
        object.remove("required");
    }
    if let Some(rest) = part
        .get("additionalProperties")
        .filter(|rest| **rest != json!(false))
    {
        into["additionalProperties"] = rest.clone();
    }
}
