//! What generators of documents write and JSON Schema takes at its word: a base that is closed
//! by `additionalProperties: false` and extended by `allOf` all the same, and a closed object
//! that requires what it does not describe. Taken at their word there is no value for them.

use serde_json::{Value, json};

use crate::schema;

/// Opens what has to be open. Fields that no part of a composition knows are refused all the
/// same, as everywhere.
pub fn settle(root: &mut Value) {
    let mut bases = Vec::new();
    open(root, &mut bases);
    for base in bases {
        let pointer = schema::pointer(&base);
        if let Some(base) = pointer.and_then(|pointer| root.pointer_mut(&pointer)) {
            remove_closed(base);
        }
    }
}

/// Visits every schema, and notes the bases of those that are extended.
fn open(value: &mut Value, bases: &mut Vec<String>) {
    if let Some(parts) = value.get("allOf").and_then(Value::as_array) {
        let references = parts.iter().filter_map(|part| part["$ref"].as_str());
        bases.extend(references.map(str::to_owned));
        remove_closed(value);
        for part in value["allOf"].as_array_mut().into_iter().flatten() {
            remove_closed(part);
        }
    }
    let closed = value.get("additionalProperties") == Some(&Value::Bool(false));
    if closed && let Some(names) = value.get("required").and_then(Value::as_array).cloned() {
        if value.get("properties").is_none() {
            value["properties"] = json!({});
        }
        for name in names.iter().filter_map(Value::as_str) {
            if value["properties"].get(name).is_none() {
                value["properties"][name] = json!({});
            }
        }
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| open(item, bases)),
        Value::Object(fields) => fields.values_mut().for_each(|field| open(field, bases)),
        _ => {}
    }
}

fn remove_closed(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut()
        && schema.get("additionalProperties") == Some(&Value::Bool(false))
    {
        schema.remove("additionalProperties");
    }
}
