//! Forms of several parameters: Microsoft's writer joins them as an `allOf` of objects with one
//! member each. The form is one object.

use serde_json::{Map, Value, json};

use super::{table::Context, tool};
use crate::report::Report;

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let schemas = tool::schemas(document);
    tool::forms(document, &mut |at, _, content| {
        let Some(parts) = content["schema"]["allOf"].as_array() else {
            return;
        };
        let mut properties = Map::new();
        let mut required: Vec<Value> = Vec::new();
        for part in parts {
            let part = tool::follow(part, &schemas);
            // What is put together of others in its turn is left to `allOf` in general.
            let Some(own) = part["properties"].as_object() else {
                return;
            };
            properties.extend(own.clone());
            required.extend(part["required"].as_array().into_iter().flatten().cloned());
        }
        let was = format!("{} objects together", parts.len());
        report.adapt(context.name, format!("{at}/schema"), was, "one object");
        content["schema"] = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            content["schema"]["required"] = Value::Array(required);
        }
    });
}
