//! JSON Patch. The documents describe the class `JsonPatchDocument` with its list of operations, and
//! often media types that the server refuses. It takes that list alone, as
//! `application/json-patch+json`.

use serde_json::{Map, Value, json};

use super::{each_component, each_object, each_operation, short};
use crate::schema;

const MEDIA_TYPE: &str = "application/json-patch+json";

/// Rewrites the components and bodies that are patches.
pub fn correct(root: &mut Value) {
    let mut found = Vec::new();
    each_component(root, &mut |name, component| {
        if is_named(short(name))
            && let Some(meant) = meant(component)
        {
            *component = meant;
            found.push(name.to_owned());
        }
    });
    if found.is_empty() {
        return;
    }
    each_operation(root, &mut |root, operation| bodies(root, operation));
    each_object(root, &mut |fields| {
        if let Some(Value::Object(content)) = fields.get_mut("content") {
            alone(content);
        }
    });
}

fn is_named(name: &str) -> bool {
    name.starts_with("JsonPatchDocument") || name.ends_with("JsonPatchDocument")
}

/// The list of operations in place of what has it.
fn meant(component: &Value) -> Option<Value> {
    let operations = &component["properties"]["operations"];
    let is_list = component["type"] == "array";
    let lists = |schema: &Value| schema["items"].is_object();
    (is_list || lists(operations)).then(|| match is_list {
        // Three forms of an operation, of which Swagger 2.0 cannot hold more than one.
        true if component["items"]["allOf"].is_array() => json!({
            "type": "array",
            "items": {
                "type": "object",
                "required": ["op", "path"],
                "properties": {
                    "op": {"type": "string"},
                    "path": {"type": "string"},
                    "from": {"type": "string"},
                    "value": {},
                },
            },
        }),
        true => component.clone(),
        false => json!({"type": "array", "items": operations["items"]}),
    })
}

/// Whether a schema is such a component.
fn is_patch(schema: &Value) -> bool {
    let name = schema["$ref"].as_str().map(schema::name_of);
    name.is_some_and(|name| is_named(short(&name)))
}

/// Swagger 2.0 names the media types beside the body.
fn bodies(root: &Value, operation: &mut Map<String, Value>) {
    if root.get("swagger").is_none() {
        return;
    }
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let mut parameters = parameters.into_iter().flatten();
    if parameters.any(|parameter| parameter["in"] == "body" && is_patch(&parameter["schema"])) {
        operation.insert("consumes".to_owned(), json!([MEDIA_TYPE]));
    }
}

/// Leaves a content the one media type that the server takes.
fn alone(content: &mut Map<String, Value>) {
    let patch = content
        .values()
        .find(|content| is_patch(&content["schema"]));
    if let Some(patch) = patch.cloned() {
        content.clear();
        content.insert(MEDIA_TYPE.to_owned(), patch);
    }
}
