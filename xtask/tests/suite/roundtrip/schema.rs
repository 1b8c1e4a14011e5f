//! An OpenAPI 3.0 schema as JSON Schema, to check instances with.

use serde_json::{Map, Value, json};

pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// OpenAPI 3.0's schemas as JSON Schema draft 4: they differ in `nullable` alone.
pub fn json_schema(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(json_schema).collect(),
        Value::Object(object) => {
            if let Some(pointer) = object.get("$ref").and_then(Value::as_str) {
                return json!({"$ref": as_uri(pointer)});
            }
            let mut made: Map<String, Value> = object
                .iter()
                .map(|(name, value)| (name.clone(), json_schema(value)))
                .collect();
            described(&mut made);
            let nullable = made.get("nullable") == Some(&Value::Bool(true));
            if nullable {
                made.remove("nullable");
                return json!({"anyOf": [{"type": "null"}, made]});
            }
            Value::Object(made)
        }
        other => other.clone(),
    }
}

/// Whether a required name means a property: documents mistake the case of their own names.
pub fn means(required: &Value, property: &str) -> bool {
    required
        .as_str()
        .is_some_and(|name| name.eq_ignore_ascii_case(property))
}

/// Requires properties by the names under which they are described.
fn described(schema: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = schema.get("properties") else {
        return;
    };
    let names: Vec<String> = properties.keys().cloned().collect();
    for name in schema
        .get_mut("required")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let exact = names.iter().any(|own| name == own);
        if let Some(own) = names.iter().find(|own| !exact && means(name, own)) {
            *name = json!(own);
        }
    }
}

/// A reference as the URI that JSON Schema wants it to be.
pub fn as_uri(pointer: &str) -> String {
    const BARE: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'<')
        .add(b'>')
        .add(b'[')
        .add(b']')
        .add(b'`')
        .add(b'{')
        .add(b'}')
        .add(b'|')
        .add(b'^')
        .add(b'\\');
    percent_encoding::utf8_percent_encode(pointer, BARE).to_string()
}
