//! Requirements in a circle, by which no value ever ends: what closes it may be left out, as
//! servers do.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::schema;

/// Takes the requirements out of a document that no finite value meets, and nothing else.
pub fn open(root: &mut Value) {
    for folder in ["/components/schemas", "/definitions"] {
        let Some(schemas) = root.pointer(folder).and_then(Value::as_object) else {
            continue;
        };
        let finite = finite(schemas, folder);
        if finite.len() == schemas.len() {
            continue;
        }
        let before = schemas.clone();
        let schemas = root.pointer_mut(folder).and_then(Value::as_object_mut);
        let endless = schemas.into_iter().flatten();
        for (name, schema) in endless.filter(|(name, _)| !finite.contains(*name)) {
            let closes = |property: &Value| leads_to(property, name, &before);
            relax(schema, &closes);
        }
    }
}

/// Whether a value may have to hold one of the named schema.
fn leads_to(property: &Value, name: &str, schemas: &Map<String, Value>) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![property];
    while let Some(given) = open.pop() {
        if given.as_object().is_none_or(schema::is_nullable) {
            continue;
        }
        if let Some(reference) = given["$ref"].as_str() {
            let other = schema::name_of(reference);
            if other == name {
                return true;
            }
            if seen.insert(other.clone()) {
                open.extend(schemas.get(&other));
            }
            continue;
        }
        let parts = |keyword: &str| given[keyword].as_array().into_iter().flatten();
        for keyword in ["allOf", "oneOf", "anyOf"] {
            open.extend(parts(keyword));
        }
        let required = parts("required").filter_map(Value::as_str);
        open.extend(required.map(|name| &given["properties"][name]));
    }
    false
}

/// The schemas that have a value with an end: more are found until none is.
fn finite(schemas: &Map<String, Value>, folder: &str) -> HashSet<String> {
    let mut finite: HashSet<String> = HashSet::new();
    loop {
        let ends = |(name, schema): &(&String, &Value)| {
            !finite.contains(*name) && has_end(schema, folder, &finite)
        };
        let more = schemas.iter().filter(ends).map(|(name, _)| name.clone());
        let more: Vec<String> = more.collect();
        if more.is_empty() {
            return finite;
        }
        finite.extend(more);
    }
}

fn has_end(given: &Value, folder: &str, finite: &HashSet<String>) -> bool {
    let Some(fields) = given.as_object() else {
        return true;
    };
    if schema::is_nullable(fields) {
        return true;
    }
    if let Some(reference) = given["$ref"].as_str() {
        let local = reference
            .strip_prefix('#')
            .is_some_and(|pointer| pointer.starts_with(folder));
        return !local || finite.contains(&schema::name_of(reference));
    }
    let parts = |keyword: &str| given[keyword].as_array().into_iter().flatten();
    let any = |keyword: &str| {
        parts(keyword).next().is_none() || parts(keyword).any(|part| has_end(part, folder, finite))
    };
    parts("allOf").all(|part| has_end(part, folder, finite))
        && any("oneOf")
        && any("anyOf")
        && parts("required")
            .filter_map(Value::as_str)
            .all(|name| has_end(&given["properties"][name], folder, finite))
}

/// Takes what closes a circle out of all that a schema requires, in its parts as well.
fn relax(given: &mut Value, closes: &impl Fn(&Value) -> bool) {
    let required = given.get_mut("required").filter(|names| names.is_array());
    if let Some(Value::Array(mut required)) = required.map(Value::take) {
        required.retain(|name| {
            let property = name.as_str().map(|name| &given["properties"][name]);
            !property.is_some_and(closes)
        });
        given["required"] = required.into();
    }
    match given {
        Value::Array(values) => values.iter_mut().for_each(|value| relax(value, closes)),
        Value::Object(fields) => fields.values_mut().for_each(|value| relax(value, closes)),
        _ => {}
    }
}
