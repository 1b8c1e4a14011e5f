//! Parameters: each has a schema, a style and a Rust name of its own. What OpenAPI calls
//! `content` parameters are sent as that content; a parameter that allows null is one
//! that may be left out.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::report::Report;

const CONSTRUCT: &str = "parameters";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::operations(document, &mut |pointer, _, _, operation| {
        let parameters = match operation.get_mut("parameters").map(Value::take) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        let mut kept: Vec<Value> = Vec::new();
        let mut seen: HashSet<(String, String)> = HashSet::new();
        for (index, mut parameter) in parameters.into_iter().enumerate() {
            let pointer = format!("{pointer}/parameters/{index}");
            let place = parameter["in"].as_str().unwrap_or("query").to_owned();
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            if !matches!(place.as_str(), "path" | "query" | "header" | "cookie") {
                report.adapt(
                    CONSTRUCT,
                    &pointer,
                    format!("a parameter in `{place}`"),
                    "a query parameter",
                );
                parameter["in"] = json!("query");
            }
            if !seen.insert((name, place)) {
                continue;
            }
            complete(&pointer, &mut parameter, report);
            kept.push(parameter);
        }
        operation["parameters"] = Value::Array(kept);
    });
    Ok(())
}

fn complete(pointer: &str, parameter: &mut Value, report: &mut Report) {
    let content = parameter.as_object_mut().and_then(|p| p.remove("content"));
    if let Some((media_type, value)) = content
        .as_ref()
        .and_then(Value::as_object)
        .and_then(|c| c.iter().next())
    {
        parameter["x-content-type"] = json!(media_type);
        parameter["schema"] = value.get("schema").cloned().unwrap_or_else(|| json!({}));
    }
    if !parameter["schema"].is_object() {
        report.adapt(
            CONSTRUCT,
            pointer,
            "a parameter without a schema",
            "a string",
        );
        parameter["schema"] = json!({"type": "string"});
    }
    let place = parameter["in"].as_str().unwrap_or("query").to_owned();
    let optional = parameter["required"] != json!(true);
    let nullable = parameter["schema"]["nullable"] == json!(true);
    let ignored = place == "header"
        && parameter["name"].as_str().is_some_and(|name| {
            ["accept", "content-type", "authorization"].contains(&name.to_lowercase().as_str())
        });
    if ignored {
        report.adapt(
            CONSTRUCT,
            pointer,
            "a header that OpenAPI says to leave out",
            "an optional header",
        );
    }
    parameter["required"] = json!(!(optional || nullable || ignored));
    if let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut) {
        schema.remove("nullable");
    }
}
