//! Combinations: null among alternatives, conditions, and what stands beside a reference.

use serde_json::{Map, Value, json};

use super::{Schema, Scope};
use crate::openapi::brief;
use crate::openapi::pointer::Pointer;

/// Null among the alternatives makes the schema nullable.
pub fn null_branches(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = schema.get_mut(key) else {
            continue;
        };
        let before = branches.len();
        branches.retain(|branch| !is_null(branch));
        if branches.len() == before {
            continue;
        }
        scope
            .notes
            .add(at, "null among alternatives", key, "nullable");
        let rest = std::mem::take(branches);
        schema.insert("nullable".to_owned(), json!(true));
        match rest.len() {
            0 => {
                schema.shift_remove(key);
                schema.insert("enum".to_owned(), json!([null]));
                schema.insert("x-sixclicks-mark-null".to_owned(), json!(true));
            }
            1 => {
                schema.shift_remove(key);
                rest.into_iter().for_each(|only| merge(schema, only));
            }
            _ => drop(schema.insert(key.to_owned(), Value::Array(rest))),
        }
    }
}

fn is_null(branch: &Value) -> bool {
    branch.get("x-sixclicks-mark-null").is_some() || branch.get("enum") == Some(&json!([null]))
}

/// Puts the only alternative in place: beside the other keywords when it can stand there, else
/// into `allOf`.
fn merge(schema: &mut Schema, only: Value) {
    let Value::Object(only) = only else { return };
    let mut clashes = only
        .keys()
        .filter(|key| *key != "nullable" && schema.contains_key(*key));
    if only.contains_key("$ref") || clashes.next().is_some() {
        let all = schema.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(all) = all {
            all.push(Value::Object(only));
        }
    } else {
        for (key, value) in only {
            schema.entry(key).or_insert(value);
        }
    }
}

/// Conditions cannot be said in OpenAPI 3.0. The properties that they bring become optional ones.
pub fn conditions(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    let condition = schema.shift_remove("if");
    let mut brought = Vec::new();
    for key in ["then", "else"] {
        brought.extend(
            schema
                .shift_remove(key)
                .filter(|_| condition.is_some())
                .map(|held| (key, held)),
        );
    }
    if let Some(condition) = condition {
        scope.notes.add(
            at,
            "condition",
            brief(&condition),
            "left out; its properties are optional",
        );
    }
    if let Some(Value::Object(dependent)) = schema.shift_remove("dependentSchemas") {
        brought.extend(
            dependent
                .into_iter()
                .map(|(_, held)| ("dependentSchemas", held)),
        );
    }
    for (key, held) in brought {
        let Value::Object(mut held) = held else {
            continue;
        };
        if let Some(Value::Object(new)) = held.shift_remove("properties") {
            let Value::Object(properties) = schema
                .entry("properties")
                .or_insert_with(|| Value::Object(Map::new()))
            else {
                continue;
            };
            for (name, property) in new {
                properties.entry(name).or_insert(property);
            }
        }
        if ["$ref", "allOf", "anyOf", "oneOf"]
            .iter()
            .any(|key| held.contains_key(*key))
        {
            let was = format!("{key}: {}", brief(&Value::Object(held)));
            scope.notes.lose(at, "condition", was, "left out");
        }
    }
}

/// What OpenAPI 3.0 lets nobody say beside a reference moves to a schema around it.
pub fn siblings(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    const KEPT: [&str; 10] = [
        "nullable",
        "description",
        "title",
        "default",
        "readOnly",
        "writeOnly",
        "deprecated",
        "example",
        "externalDocs",
        "xml",
    ];
    if schema.len() < 2 || !schema.contains_key("$ref") {
        return;
    }
    let mut rest = std::mem::take(schema);
    let target = rest.shift_remove("$ref").unwrap_or_default();
    // Whoever describes properties there means them, whatever the letter says.
    let more = rest
        .get("properties")
        .is_some_and(|properties| *properties != json!({}));
    let meant = |key: &str| more && matches!(key, "properties" | "required");
    let dropped: Vec<String> = rest
        .keys()
        .filter(|key| !scope.later && !KEPT.contains(&key.as_str()) && !key.starts_with("x-"))
        .filter(|key| !meant(key))
        .cloned()
        .collect();
    for key in dropped {
        let was = rest.shift_remove(&key).unwrap_or_default();
        let was = format!("{key}: {}", brief(&was));
        scope.notes.add(
            at,
            "beside a reference",
            was,
            "left out: a reference stands alone",
        );
    }
    if rest.get("nullable") == Some(&json!(false)) {
        rest.shift_remove("nullable");
    }
    if rest.keys().all(|key| key.starts_with("x-")) {
        schema.insert("$ref".to_owned(), target);
        schema.extend(rest);
        return;
    }
    let keys = rest
        .keys()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    scope
        .notes
        .add(at, "beside a reference", keys, "around it, with allOf");
    let mut all = vec![json!({ "$ref": target })];
    if let Some(Value::Array(more)) = rest.shift_remove("allOf") {
        all.extend(more);
    }
    schema.insert("allOf".to_owned(), Value::Array(all));
    schema.extend(rest);
}
