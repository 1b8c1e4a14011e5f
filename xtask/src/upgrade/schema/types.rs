//! `type` and `const`: OpenAPI 3.0 knows one type per schema, no null type and no constants.

use serde_json::{Map, Value, json};

use super::{Schema, Scope};
use crate::openapi::brief;
use crate::openapi::pointer::Pointer;
use crate::upgrade::reference;

const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

/// Type names that documents use although no specification has them.
const ALIASES: [(&str, &str, Option<&str>); 20] = [
    ("int", "integer", None),
    ("int32", "integer", Some("int32")),
    ("int64", "integer", Some("int64")),
    ("long", "integer", Some("int64")),
    ("short", "integer", Some("int32")),
    ("float", "number", Some("float")),
    ("double", "number", Some("double")),
    ("decimal", "number", Some("decimal")),
    ("bool", "boolean", None),
    ("text", "string", None),
    ("str", "string", None),
    ("date", "string", Some("date")),
    ("date-time", "string", Some("date-time")),
    ("datetime", "string", Some("date-time")),
    ("guid", "string", Some("uuid")),
    ("uuid", "string", Some("uuid")),
    ("uri", "string", Some("uri")),
    ("file", "string", Some("binary")),
    ("list", "array", None),
    ("map", "object", None),
];

/// `const` is an enumeration of one.
pub fn constant(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    let Some(constant) = schema.shift_remove("const") else {
        return;
    };
    scope
        .notes
        .add(at, "const", brief(&constant), "an enumeration of one value");
    if !schema.contains_key("type")
        && !schema.contains_key("$ref")
        && let Some(name) = type_of(&constant)
    {
        schema.insert("type".to_owned(), json!(name));
    }
    schema.insert("enum".to_owned(), json!([constant]));
}

fn type_of(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) | Value::Object(_) => return None,
    })
}

/// Leaves one type that OpenAPI 3.0 knows, or none.
pub fn single(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    match schema.get("type") {
        Some(Value::String(name)) if TYPES.contains(&name.as_str()) => {}
        Some(Value::String(name)) if name == "null" => null(schema, at, scope),
        Some(Value::String(_)) => unknown(schema, at, scope),
        Some(Value::Array(_)) => list(schema, at, scope),
        Some(Value::Object(inner)) if inner.contains_key("$ref") => {
            let inner = inner.clone();
            scope
                .notes
                .add(at, "reference as a type", brief(&schema["type"]), "$ref");
            schema.shift_remove("type");
            schema.extend(inner);
        }
        Some(_) => any(schema, at, scope),
        None => {}
    }
}

fn any(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    let was = schema.shift_remove("type").unwrap_or_default();
    scope.notes.add(at, "type", brief(&was), "any type");
}

fn null(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    schema.shift_remove("type");
    schema.insert("nullable".to_owned(), json!(true));
    schema.insert("enum".to_owned(), json!([null]));
    schema.insert("x-sixclicks-mark-null".to_owned(), json!(true));
    scope.notes.add(
        at,
        "null type",
        "null",
        "nullable with null as the only value",
    );
}

fn unknown(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    let name = schema["type"]
        .as_str()
        .unwrap_or_default()
        .trim()
        .to_owned();
    if scope.names.contains(&name) {
        scope.notes.add(at, "schema name as a type", &*name, "$ref");
        schema.shift_remove("type");
        schema.extend(
            reference("schemas", &name)
                .as_object()
                .cloned()
                .unwrap_or_default(),
        );
        return;
    }
    let lower = name.to_lowercase();
    let plain = TYPES
        .iter()
        .find(|known| **known == lower)
        .map(|known| (*known, None));
    let alias = ALIASES
        .iter()
        .find(|(alias, ..)| *alias == lower)
        .map(|(_, known, format)| (*known, *format));
    let Some((known, format)) = plain.or(alias) else {
        return any(schema, at, scope);
    };
    scope.notes.add(at, "type", &*name, known);
    schema.insert("type".to_owned(), json!(known));
    if let Some(format) = format {
        schema.entry("format").or_insert_with(|| json!(format));
    }
}

fn list(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    let was = brief(&schema["type"]);
    let Some(Value::Array(list)) = schema.get("type") else {
        return;
    };
    let mut types: Vec<&'static str> = Vec::new();
    let mut has_null = false;
    for entry in list {
        match entry.as_str() {
            Some("null") => has_null = true,
            Some(name) => match TYPES.iter().find(|known| **known == name) {
                Some(known) if types.contains(known) => {}
                Some(known) => types.push(known),
                None => return any(schema, at, scope),
            },
            None if entry.is_null() => has_null = true,
            None => return any(schema, at, scope),
        }
    }
    if types.contains(&"number") {
        types.retain(|name| *name != "integer");
    }
    if has_null {
        schema.insert("nullable".to_owned(), json!(true));
    }
    match types.as_slice() {
        [] if has_null => return null(schema, at, scope),
        [] => drop(schema.shift_remove("type")),
        [one] => drop(schema.insert("type".to_owned(), json!(one))),
        _ if ["$ref", "anyOf", "oneOf"]
            .iter()
            .any(|key| schema.contains_key(*key)) =>
        {
            schema.shift_remove("type");
        }
        several => alternatives(schema, several),
    }
    let now = match (types.len(), has_null) {
        (0 | 1, false) => "one type",
        (0 | 1, true) => "one type, nullable",
        (_, false) => "anyOf of single types",
        (_, true) => "anyOf of single types, nullable",
    };
    scope.notes.add(at, "list of types", was, now);
}

/// One alternative per type, each with the keywords that apply to it.
fn alternatives(schema: &mut Schema, types: &[&'static str]) {
    schema.shift_remove("type");
    let mut branches: Vec<Map<String, Value>> = types
        .iter()
        .map(|name| Map::from_iter([("type".to_owned(), json!(name))]))
        .collect();
    let mut kept = Map::new();
    for (key, value) in std::mem::take(schema) {
        let format = (key == "format").then(|| value.as_str().unwrap_or_default().to_owned());
        let applies = |name: &str| applies(&key, format.as_deref(), name);
        if key == "enum" {
            split_enum(&mut branches, types, value);
            continue;
        }
        let Some(first) = types.iter().position(|name| applies(name) == Some(true)) else {
            if applies("") != Some(false) {
                kept.insert(key, value);
            }
            continue;
        };
        for index in first + 1..types.len() {
            if applies(types[index]) == Some(true) {
                branches[index].insert(key.clone(), value.clone());
            }
        }
        branches[first].insert(key, value);
    }
    *schema = kept;
    let branches: Vec<Value> = branches.into_iter().map(Value::Object).collect();
    schema.insert("anyOf".to_owned(), Value::Array(branches));
}

fn split_enum(branches: &mut Vec<Map<String, Value>>, types: &[&'static str], values: Value) {
    let Value::Array(values) = values else { return };
    let fits = |value: &Value, name: &str| match value {
        Value::Number(_) => matches!(name, "number" | "integer"),
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
        other => type_of(other) == Some(name),
    };
    for (branch, name) in branches.iter_mut().zip(types) {
        let own: Vec<Value> = values
            .iter()
            .filter(|value| fits(value, name))
            .cloned()
            .collect();
        branch.insert("enum".to_owned(), Value::Array(own));
    }
    branches.retain(|branch| branch["enum"] != json!([]));
}

/// Whether a keyword applies to a type; nothing for keywords that apply to the whole schema.
fn applies(key: &str, format: Option<&str>, name: &str) -> Option<bool> {
    let number = matches!(name, "number" | "integer");
    Some(match key {
        "format" => match format {
            Some(
                "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64"
                | "float" | "double" | "decimal",
            ) => number,
            _ => name == "string",
        },
        "minLength" | "maxLength" | "pattern" | "contentEncoding" | "contentMediaType" => {
            name == "string"
        }
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => number,
        "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" | "contains" => {
            name == "array"
        }
        "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "minProperties"
        | "maxProperties"
        | "propertyNames"
        | "discriminator" => name == "object",
        _ => return None,
    })
}
