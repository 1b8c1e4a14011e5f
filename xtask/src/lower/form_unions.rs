//! Forms that are one of several objects, with a file in one of them: a value of a union cannot
//! hold a file, so that the form has the fields of all of them.

use serde_json::{Value, json};

use super::{LowerError, bodies, walk};
use crate::{
    media::{self, Family},
    report::Report,
};

const CONSTRUCT: &str = "forms that are unions";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let components = walk::object_at(document, &["components", "schemas"])
        .cloned()
        .unwrap_or_default();
    walk::operations(document, &mut |pointer, _, _, operation| {
        let content = walk::object_at(operation, &["requestBody", "content"]);
        for (media_type, value) in content.into_iter().flatten() {
            let is_form = matches!(
                media::family(media_type, false),
                Family::Multipart | Family::Form
            );
            let Some(schema) = value.get_mut("schema").filter(|_| is_form) else {
                continue;
            };
            if let Some(merged) = merged(schema, &components) {
                *schema = merged;
                report.adapt(
                    CONSTRUCT,
                    format!("{pointer}/requestBody/content/{}", walk::escape(media_type)),
                    "a form that is one of several, with a file",
                    "the fields of all of them, required where all require them",
                );
            }
        }
    });
    Ok(())
}

/// One object with the fields of all variants; nothing where no variant has a file, or one is no
/// object.
fn merged(schema: &Value, components: &walk::Object) -> Option<Value> {
    let schema = bodies::follow(schema, components);
    let key = ["oneOf", "anyOf"]
        .into_iter()
        .find(|key| schema.get(*key).is_some())?;
    let variants: Vec<Value> = schema[key]
        .as_array()?
        .iter()
        .map(|variant| bodies::follow(variant, components))
        .collect();
    let has_file = variants
        .iter()
        .any(|variant| bodies::has_files(variant, components));
    let all_objects = variants
        .iter()
        .all(|variant| variant["properties"].is_object());
    if !has_file || !all_objects {
        return None;
    }
    let mut properties = walk::Object::new();
    for part in variants.iter().chain([&schema]) {
        for (name, property) in part["properties"].as_object().into_iter().flatten() {
            match properties.get(name) {
                Some(known) if known != property => {
                    properties.insert(name.clone(), either(known, property));
                }
                _ => {
                    properties.insert(name.clone(), property.clone());
                }
            }
        }
    }
    let list = |schema: &Value| schema["required"].as_array().cloned().unwrap_or_default();
    let mut required = list(&schema);
    let (first, others) = variants.split_first()?;
    let by_all = list(first)
        .into_iter()
        .filter(|name| others.iter().all(|other| list(other).contains(name)));
    required.extend(by_all);
    let mut merged = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        merged["required"] = Value::Array(required);
    }
    if let Some(text) = schema.get("description") {
        merged["description"] = text.clone();
    }
    Some(merged)
}

/// A field that has one schema in one variant and another in the next: a text enum of one value,
/// as discriminators have it, takes the values of both; anything else takes any value.
fn either(one: &Value, other: &Value) -> Value {
    let values = |schema: &Value| schema["enum"].as_array().cloned();
    match (values(one), values(other)) {
        (Some(mut all), Some(more)) if one["type"] == other["type"] => {
            for value in more {
                if !all.contains(&value) {
                    all.push(value);
                }
            }
            let mut either = one.clone();
            either["enum"] = Value::Array(all);
            either
        }
        _ => json!({}),
    }
}
