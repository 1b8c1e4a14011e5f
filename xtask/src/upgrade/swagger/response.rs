//! Responses of Swagger 2.0: `schema`, `produces` and `examples` become `content`.

use serde_json::{Map, Value, json};

use super::Swagger;
use super::parameter::{style, take_schema};
use crate::openapi::pointer::Pointer;
use crate::upgrade::{Context, referred};

/// Upgrades the responses of an operation. A shared response is put in place when the operation
/// produces other media types than the document's own.
pub fn all(
    responses: &mut Map<String, Value>,
    produces: Option<&[String]>,
    at: &Pointer,
    swagger: &Swagger,
    context: &mut Context,
) {
    let usual = swagger.defaults.produces.as_slice();
    for (status, response) in responses {
        if status.starts_with("x-") {
            continue;
        }
        let place = at.join(&[status]);
        let shared = referred(response, "responses")
            .and_then(|name| swagger.responses.get(name.as_ref()))
            .filter(|shared| shared.get("schema").is_some());
        if let Some(shared) = shared
            && produces.is_some_and(|produces| produces != usual)
        {
            context.notes.add(
                &place,
                "shared response",
                "other media types here",
                "put in place",
            );
            context.repeated += 1;
            *response = shared.clone();
        }
        upgrade(response, produces.unwrap_or(usual), &place, context);
    }
}

/// Upgrades one response.
pub fn upgrade(response: &mut Value, produces: &[String], at: &Pointer, context: &mut Context) {
    let Value::Object(response) = response else {
        return;
    };
    if response.contains_key("$ref") {
        return;
    }
    let examples = match response.get("examples") {
        Some(Value::Object(_)) => response.shift_remove("examples"),
        _ => None,
    };
    if !response.contains_key("content") {
        let schema = response
            .shift_remove("schema")
            .filter(|schema| !schema.is_null());
        let content = content(schema, examples, produces, context);
        if !content.is_empty() {
            context.notes.add(at, "response", "schema", "content");
            response.insert("content".to_owned(), Value::Object(content));
        }
    }
}

fn content(
    schema: Option<Value>,
    examples: Option<Value>,
    produces: &[String],
    context: &mut Context,
) -> Map<String, Value> {
    let mut content = Map::new();
    let Some(schema) = schema else { return content };
    let is_file = schema.get("type").and_then(Value::as_str) == Some("file");
    let usual = [String::from(if is_file {
        "application/octet-stream"
    } else {
        "application/json"
    })];
    let names = if produces.is_empty() {
        &usual
    } else {
        produces
    };
    context.repeated += names.len();
    for name in names {
        content.insert(name.clone(), json!({ "schema": schema }));
    }
    let Some(Value::Object(examples)) = examples else {
        return content;
    };
    for (name, example) in examples {
        if let Some(Value::Object(media_type)) = content.get_mut(&name) {
            media_type.insert("example".to_owned(), example);
        }
    }
    content
}

/// Upgrades a response header.
pub fn header(header: &mut Value) {
    let Value::Object(header) = header else {
        return;
    };
    if ["schema", "content", "$ref"]
        .iter()
        .any(|key| header.contains_key(*key))
    {
        return;
    }
    let mut schema = take_schema(header);
    if schema.is_empty() {
        schema.insert("type".to_owned(), json!("string"));
    }
    if schema.get("type").and_then(Value::as_str) == Some("array") {
        schema.entry("items").or_insert_with(|| json!({}));
        let explode = style(header.get("collectionFormat"), "header").explode;
        header.insert("explode".to_owned(), json!(explode));
    }
    header.shift_remove("collectionFormat");
    header.insert("schema".to_owned(), Value::Object(schema));
}
