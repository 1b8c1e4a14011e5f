//! Gives plain YAML scalars their text back where a document means text: `version: 1.10` is no
//! number, `type: null` no nothing, and `enum: [1.0, true]` of a string schema a list of strings.
use super::{
    Parsed,
    grammar::{Kind, Place},
    pointer,
};
use serde_json::Value;
use std::collections::HashMap;

/// Walks `value`, which stands at `place` and has been parsed at `at` of its file, and turns
/// numbers and booleans into text where text is meant.
pub(super) fn restore(value: &mut Value, place: Place, at: &str, parsed: &HashMap<String, String>) {
    let mut pointer = at.to_owned();
    walk(value, place, &mut pointer, parsed);
}

/// [`restore`] for a whole document.
pub(super) fn restore_document(parsed: &mut Parsed) {
    restore(
        &mut parsed.value,
        Place::Object(Kind::Document),
        "",
        &parsed.texts,
    );
}

fn walk(value: &mut Value, place: Place, pointer: &mut String, texts: &HashMap<String, String>) {
    if matches!(place, Place::Data | Place::Other | Place::Mapping) {
        return;
    }
    let length = pointer.len();
    match value {
        Value::Object(object) => {
            let is_string = matches!(
                place,
                Place::Object(Kind::Schema | Kind::Parameter | Kind::Header)
            ) && object.get("type").and_then(Value::as_str) == Some("string");
            for (key, child) in object.iter_mut() {
                pointer::push(pointer, key);
                match key.as_str() {
                    "enum" | "default" | "const" | "example" if is_string => {
                        walk(child, Place::Texts, pointer, texts);
                    }
                    // In OpenAPI 3.1, `null` is a type, and whoever writes it without quotes means it.
                    "type" if place == Place::Object(Kind::Schema) => name_null(child),
                    _ => {}
                }
                walk(child, place.child(key), pointer, texts);
                pointer.truncate(length);
            }
        }
        Value::Array(array) => {
            for (index, child) in array.iter_mut().enumerate() {
                pointer::push(pointer, &index.to_string());
                walk(child, place.element(), pointer, texts);
                pointer.truncate(length);
            }
        }
        Value::Number(_) | Value::Bool(_) if matches!(place, Place::Text | Place::Texts) => {
            let text = texts
                .get(pointer.as_str())
                .cloned()
                .unwrap_or_else(|| value.to_string());
            *value = Value::String(text);
        }
        _ => {}
    }
}

fn name_null(value: &mut Value) {
    match value {
        Value::Null => *value = "null".into(),
        Value::Array(array) => array.iter_mut().for_each(name_null),
        _ => {}
    }
}
