//! Objects: required properties, pattern properties, and keywords that OpenAPI 3.0 lacks.

use serde_json::{Value, json};

use super::{Schema, Scope, any_of};
use crate::openapi::brief;
use crate::openapi::pointer::Pointer;

/// Before the properties are walked: maps, lists and names are what they should be.
pub fn shape(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    for key in [
        "properties",
        "patternProperties",
        "$defs",
        "definitions",
        "dependentSchemas",
    ] {
        if schema.get(key).is_some_and(|map| !map.is_object()) {
            wrong(schema, key, "an object", at, scope);
        }
    }
    for key in ["allOf", "anyOf", "oneOf", "prefixItems"] {
        match schema.get_mut(key) {
            None | Some(Value::Array(_)) => {}
            Some(one @ Value::Object(_)) => {
                scope
                    .notes
                    .add(at, "list", format!("{key} with an object"), "a list of one");
                *one = Value::Array(vec![one.take()]);
            }
            Some(_) => wrong(schema, key, "a list", at, scope),
        }
    }
    if schema.get("enum").is_some_and(|values| !values.is_array()) {
        wrong(schema, "enum", "a list", at, scope);
    }
    if schema.get("$ref").is_some_and(|target| !target.is_string()) {
        wrong(schema, "$ref", "text", at, scope);
    }
    for key in ["format", "pattern", "title", "description"] {
        if schema.get(key).is_some_and(|text| !text.is_string()) {
            wrong(schema, key, "text", at, scope);
        }
    }
}

fn wrong(schema: &mut Schema, key: &str, expected: &str, at: &Pointer, scope: &mut Scope<'_>) {
    let was = schema.shift_remove(key).unwrap_or_default();
    let was = format!("{key}: {}", brief(&was));
    scope.notes.add(
        at,
        "keyword of the wrong type",
        was,
        format!("left out: not {expected}"),
    );
}

/// `required: true` inside a property (draft 3) names the property as required.
pub fn required_inside(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    let mut names = Vec::new();
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for (name, property) in properties {
            let Value::Object(property) = property else {
                continue;
            };
            let flag = match property.get("required") {
                Some(Value::Bool(flag)) => *flag,
                Some(Value::String(text)) if matches!(text.as_str(), "true" | "false") => {
                    text == "true"
                }
                _ => continue,
            };
            property.shift_remove("required");
            let place = at.join(&["properties", name]);
            scope.notes.add(
                &place,
                "required inside a property",
                flag.to_string(),
                "required of the object",
            );
            if flag {
                names.push(name.clone());
            }
        }
    }
    match schema.get_mut("required") {
        Some(Value::Array(list)) => list.retain(Value::is_string),
        Some(Value::String(name)) if !matches!(name.as_str(), "true" | "false") => {
            let name = std::mem::take(name);
            schema.insert("required".to_owned(), json!([name]));
        }
        Some(_) => wrong(schema, "required", "a list", at, scope),
        None => {}
    }
    if names.is_empty() {
        return;
    }
    if let Value::Array(list) = schema.entry("required").or_insert_with(|| json!([])) {
        let had: std::collections::HashSet<String> = list
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        list.extend(
            names
                .into_iter()
                .filter(|name| !had.contains(name))
                .map(Value::String),
        );
    }
}

/// Pattern properties are additional ones, of any of the schemas.
pub fn patterns(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    let Some(Value::Object(patterns)) = schema.shift_remove("patternProperties") else {
        return;
    };
    if patterns.is_empty() {
        return;
    }
    let was = patterns.keys().cloned().collect::<Vec<_>>().join(", ");
    scope
        .notes
        .add(at, "pattern properties", was, "additional properties");
    let mut kept = serde_json::Map::new();
    for (index, (pattern, held)) in patterns.into_iter().enumerate() {
        let mut at = at.join(&["pattern"]);
        at.push_index(index);
        kept.insert(pattern, scope.share(held, &at));
    }
    let rest = schema.get("additionalProperties");
    if rest != Some(&json!(true)) {
        let mut union: Vec<Value> = kept.values().cloned().collect();
        union.extend(rest.filter(|rest| rest.is_object()).cloned());
        schema.insert("additionalProperties".to_owned(), any_of(union));
    }
    schema.entry("type").or_insert_with(|| json!("object"));
    schema.insert(
        "x-sixclicks-mark-pattern-properties".to_owned(),
        Value::Object(kept),
    );
}

/// Keywords that only constrain, or that only serve other tools.
pub fn unsupported(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    if let Some(rest) = schema.shift_remove("unevaluatedProperties")
        && rest.is_object()
    {
        scope.notes.add(
            at,
            "unevaluated properties",
            brief(&rest),
            "additional properties",
        );
        schema.entry("additionalProperties").or_insert(rest);
    }
    for key in [
        "propertyNames",
        "dependentRequired",
        "dependencies",
        "contentSchema",
    ] {
        if let Some(value) = schema.shift_remove(key) {
            let was = format!("{key}: {}", brief(&value));
            scope.notes.add(at, "constraint", was, "left out");
        }
    }
    for key in [
        "$schema",
        "$id",
        "$anchor",
        "$dynamicAnchor",
        "$comment",
        "$vocabulary",
        "$defs",
        "definitions",
        "id",
    ] {
        if key == "id" && !schema.get(key).is_some_and(Value::is_string) {
            continue;
        }
        schema.shift_remove(key);
    }
}
