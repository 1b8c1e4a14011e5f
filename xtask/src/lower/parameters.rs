//! Parameters: each has a schema, a style and a Rust name of its own. What OpenAPI calls
//! `content` parameters are sent as that content, and what no style can say as JSON; a
//! parameter that allows null is one that may be left out.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::report::Report;

const CONSTRUCT: &str = "parameters";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let schemas = walk::object_at(document, &["components", "schemas"]).map(std::mem::take);
    let schemas = schemas.unwrap_or_default();
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
            let place = &parameter["in"];
            let styled =
                place != "query" && parameter.get("x-sixclicks-mark-content-type").is_none();
            if styled && nests(&parameter["schema"], &schemas) {
                report.adapt(
                    CONSTRUCT,
                    &pointer,
                    "objects or lists within each other, which no style can say",
                    "JSON",
                );
                parameter["x-sixclicks-mark-content-type"] = json!("application/json");
            }
            kept.push(parameter);
        }
        operation["parameters"] = Value::Array(kept);
    });
    if let Some(place) = walk::object_at(document, &["components", "schemas"]) {
        *place = schemas;
    }
    Ok(())
}

/// Whether the members of a value are objects or lists themselves.
fn nests(schema: &Value, schemas: &walk::Object) -> bool {
    let mut members = Vec::new();
    collect(schema, schemas, 0, &mut |schema| {
        members.extend(schema.get("items"));
        members.extend(schema.get("additionalProperties"));
        members.extend(
            schema["properties"]
                .as_object()
                .into_iter()
                .flat_map(|p| p.values()),
        );
    });
    members.into_iter().any(|member| {
        let mut is_structure = false;
        collect(member, schemas, 0, &mut |schema| {
            let kind = schema["type"].as_str();
            is_structure |= matches!(kind, Some("object" | "array"));
        });
        is_structure
    })
}

/// Visits a schema, what it refers to and what it is put together of.
fn collect<'a>(
    schema: &'a Value,
    schemas: &'a walk::Object,
    depth: usize,
    f: &mut dyn FnMut(&'a Value),
) {
    const DEEPEST: usize = 16;
    if depth > DEEPEST {
        return;
    }
    f(schema);
    if let Some(target) = walk::referenced(schema).and_then(|name| schemas.get(&name)) {
        collect(target, schemas, depth + 1, f);
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        for part in schema[keyword].as_array().into_iter().flatten() {
            collect(part, schemas, depth + 1, f);
        }
    }
}

fn complete(pointer: &str, parameter: &mut Value, report: &mut Report) {
    let content = parameter.as_object_mut().and_then(|p| p.remove("content"));
    if let Some((media_type, value)) = content
        .as_ref()
        .and_then(Value::as_object)
        .and_then(|c| c.iter().next())
    {
        parameter["x-sixclicks-mark-content-type"] = json!(media_type);
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
