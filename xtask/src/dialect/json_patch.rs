//! JSON Patch: the documents describe .NET's `JsonPatchDocument` with its property `operations`, and
//! partly as `application/json`. The server takes the bare list of operations, and refuses every
//! media type but `application/json-patch+json`.

use serde_json::{Value, json};

use super::{table::Context, tool};
use crate::{lower::walk, report::Report};

const MEDIA_TYPE: &str = "application/json-patch+json";

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    lists(document, context, report);
    let schemas = tool::schemas(document);
    tool::bodies(document, &mut |at, body| {
        let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) else {
            return;
        };
        let Some((first, patch)) = content
            .iter()
            .find(|(_, value)| is_patch(&value["schema"], &schemas))
            .map(|(name, value)| (name.clone(), value.clone()))
        else {
            return;
        };
        if content.len() == 1 && first == MEDIA_TYPE {
            return;
        }
        let names: Vec<&str> = content.keys().map(String::as_str).collect();
        report.adapt(context.name, at, names.join(", "), MEDIA_TYPE);
        content.clear();
        content.insert(MEDIA_TYPE.to_owned(), patch);
    });
}

/// Makes lists of the components that are objects with a list of operations.
fn lists(document: &mut Value, context: Context, report: &mut Report) {
    let schemas = tool::schemas(document);
    let components = walk::object_at(document, &["components", "schemas"]);
    for (name, schema) in components.into_iter().flatten() {
        if !is_named_patch(name) {
            continue;
        }
        let at = format!("/components/schemas/{}", walk::escape(name));
        let operations = &schema["properties"]["operations"];
        if operations["type"] == "array" && members(&operations["items"], &schemas, 0) {
            let items = operations["items"].clone();
            report.adapt(
                context.name,
                at,
                "an object with a list `operations`",
                "that list",
            );
            *schema = json!({"type": "array", "items": items});
        } else if schema["type"] == "array" && schema["items"]["allOf"].is_array() {
            // Microsoft's writer has no place for the three forms of an operation in Swagger 2.0.
            report.adapt(
                context.name,
                at,
                "a list of one kind of operation",
                "a list of any",
            );
            schema["items"] = json!({
                "type": "object",
                "required": ["op", "path"],
                "properties": {
                    "op": {"type": "string"},
                    "path": {"type": "string"},
                    "from": {"type": "string"},
                    "value": {},
                },
            });
        }
    }
}

fn is_named_patch(name: &str) -> bool {
    name.starts_with("JsonPatchDocument") || name.ends_with("JsonPatchDocument")
}

/// Whether a schema, which may be put together of others, has the members of an operation.
fn members(schema: &Value, schemas: &tool::Schemas, depth: usize) -> bool {
    let schema = tool::follow(schema, schemas);
    let has = |key: &str| schema["properties"].get(key).is_some();
    let parts = schema["allOf"].as_array().filter(|_| depth < 8);
    has("op") && has("path")
        || parts
            .into_iter()
            .flatten()
            .any(|part| members(part, schemas, depth + 1))
}

fn is_patch(schema: &Value, schemas: &tool::Schemas) -> bool {
    walk::referenced(schema).is_some_and(|name| {
        is_named_patch(&name)
            && schemas
                .get(&name)
                .is_some_and(|schema| schema["type"] == "array")
    })
}
