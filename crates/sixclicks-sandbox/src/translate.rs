//! Schemas of Swagger and OpenAPI in the words of JSON Schema 2020-12, which a validator knows.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::{rules::BASE, schema};

/// What a reference cannot hold, and names of types do, such as ``Page`1[[Item]]``.
const FRAGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The dialects of Swagger and OpenAPI 3.0 in the words of JSON Schema 2020-12.
pub fn adapt(root: &Value, value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(|item| adapt(root, item)).collect()),
        Value::Object(object) => schema_object(root, object),
        other => other.clone(),
    }
}

fn schema_object(root: &Value, given: &Map<String, Value>) -> Value {
    if let Some(reference) = given.get("$ref").and_then(Value::as_str) {
        let reference = match reference.strip_prefix('#') {
            Some(pointer) => format!("{BASE}#{}", utf8_percent_encode(pointer, FRAGMENT)),
            None => reference.to_owned(),
        };
        let mut beside = given.clone();
        beside.remove("$ref");
        beside.remove("nullable");
        // What stands beside a reference holds as well, where the version of the document lets it.
        let Value::Object(mut made) = schema_object(root, &beside) else {
            return json!({"$ref": reference});
        };
        made.insert("$ref".to_owned(), reference.into());
        return match schema::is_nullable(given) {
            true => json!({"anyOf": [made, {"type": "null"}]}),
            false => made.into(),
        };
    }
    let mut made = Map::new();
    for (keyword, value) in given {
        let kept = match keyword.as_str() {
            "properties" | "patternProperties" | "definitions" | "schemas" | "$defs" => {
                let members = value.as_object().into_iter().flatten();
                Some(
                    members
                        .map(|(name, value)| (name.clone(), adapt(root, value)))
                        .collect(),
                )
            }
            "enum" | "const" => Some(value.clone()),
            "default" | "example" | "examples" | "discriminator" | "xml" | "nullable"
            | "externalDocs" | "$id" | "id" | "$schema" | "description" | "title" => None,
            "required" => required(root, given, value),
            "exclusiveMinimum" | "exclusiveMaximum" => value.is_number().then(|| value.clone()),
            "minimum" if given.get("exclusiveMinimum") == Some(&Value::Bool(true)) => {
                made.insert("exclusiveMinimum".to_owned(), value.clone());
                None
            }
            "maximum" if given.get("exclusiveMaximum") == Some(&Value::Bool(true)) => {
                made.insert("exclusiveMaximum".to_owned(), value.clone());
                None
            }
            "minimum" | "maximum" => value.is_number().then(|| value.clone()),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" => value.as_u64().map(Value::from),
            "multipleOf" => value
                .as_f64()
                .filter(|step| *step > 0.0)
                .map(|_| value.clone()),
            "uniqueItems" => value.as_bool().map(Value::from),
            "format" => value
                .as_str()
                // Formats are open: a listed value is one, whatever its format is called.
                .filter(|_| given.get("type") != Some(&json!("file")))
                .filter(|_| !given.contains_key("enum") && !given.contains_key("const"))
                .map(Value::from),
            "pattern" => {
                let usable = jsonschema::validator_for(&json!({"pattern": value})).is_ok();
                (usable && given.get("format") != Some(&json!("binary"))).then(|| value.clone())
            }
            "allOf" | "oneOf" | "anyOf" => value
                .as_array()
                .filter(|parts| !parts.is_empty())
                .map(|_| adapt(root, value)),
            "items" if value.is_array() => {
                made.insert("prefixItems".to_owned(), adapt(root, value));
                None
            }
            "items" => Some(adapt(root, value)),
            "additionalItems" => {
                let tuple = given.get("items").is_some_and(Value::is_array);
                made.extend(tuple.then(|| ("items".to_owned(), adapt(root, value))));
                None
            }
            "type" => kind(root, value),
            _ => Some(adapt(root, value)),
        };
        if let Some(kept) = kept {
            made.insert(keyword.clone(), kept);
        }
    }
    if let Some((low, high)) = schema::integers(given) {
        let range = json!({"minimum": low, "maximum": high});
        let parts = made.entry("allOf").or_insert_with(|| json!([]));
        if let Some(parts) = parts.as_array_mut() {
            parts.push(range);
        }
    }
    if schema::is_nullable(given) {
        allow_null(&mut made);
    }
    Value::Object(made)
}

/// The names that have to be there, without those that only answers have.
fn required(root: &Value, given: &Map<String, Value>, value: &Value) -> Option<Value> {
    let names = value.as_array()?.iter().filter(|name| {
        let property = name
            .as_str()
            .map(|name| &given.get("properties").unwrap_or(&Value::Null)[name]);
        name.is_string()
            && property.is_none_or(|property| schema::follow(root, property)["readOnly"] != true)
    });
    let mut distinct: Vec<Value> = Vec::new();
    for name in names {
        if !distinct.contains(name) {
            distinct.push(name.clone());
        }
    }
    Some(Value::Array(distinct))
}

/// The types that JSON Schema knows.
fn kind(root: &Value, value: &Value) -> Option<Value> {
    match value {
        Value::String(name) if name == "file" => None,
        Value::String(name) => schema::TYPES
            .contains(&name.as_str())
            .then(|| value.clone()),
        Value::Array(names) if !names.is_empty() => names
            .iter()
            .all(|name| {
                name.as_str()
                    .is_some_and(|name| schema::TYPES.contains(&name))
            })
            .then(|| value.clone()),
        // A property that is called `type`, in a place that is no schema.
        Value::Object(_) => Some(adapt(root, value)),
        _ => None,
    }
}

fn allow_null(made: &mut Map<String, Value>) {
    if let Some(Value::String(name)) = made.get("type").cloned()
        && name != "null"
    {
        made.insert("type".to_owned(), json!([name, "null"]));
    }
    if let Some(Value::Array(values)) = made.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    if ["allOf", "oneOf", "anyOf"]
        .iter()
        .any(|keyword| made.contains_key(*keyword))
    {
        let whole = Value::Object(std::mem::take(made));
        made.insert("anyOf".to_owned(), json!([whole, {"type": "null"}]));
    }
}
