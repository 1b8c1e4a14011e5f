//! `allOf`: objects that are put together become one object with all their properties;
//! a single reference stays that reference; unions among the parts are multiplied out.

mod merge;
mod named;
mod object;
mod tagged;

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{ident, report::Report};
use merge::Merger;

const CONSTRUCT: &str = "allOf";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let mut any = false;
    walk::schemas(document, &mut |_, schema| {
        part_from_union(schema);
        any |= schema.get("allOf").is_some();
    });
    if !any {
        return Ok(());
    }
    named::run(document, report);
    merge_all(document, report);
    Ok(())
}

/// Properties beside a union belong to every variant, as if `allOf` held both.
fn part_from_union(schema: &mut Value) {
    let Some(keyword) = ["oneOf", "anyOf"]
        .into_iter()
        .find(|k| schema.get(*k).is_some())
    else {
        return;
    };
    let variants = schema[keyword]
        .as_array()
        .is_some_and(|list| list.iter().any(defines));
    if schema.get("properties").is_none() || !variants || schema.get("allOf").is_some() {
        return;
    }
    let union = json!({keyword: schema[keyword].take()});
    let mut own = json!({});
    for inner in ["type", "properties", "required", "additionalProperties"] {
        if let Some(value) = schema
            .as_object_mut()
            .and_then(|object| object.remove(inner))
        {
            own[inner] = value;
        }
    }
    if let Some(object) = schema.as_object_mut() {
        object.remove(keyword);
    }
    schema["allOf"] = json!([own, union]);
}

/// Puts every `allOf` together.
fn merge_all(document: &mut Value, report: &mut Report) {
    let components = walk::object_at(document, &["components", "schemas"]);
    let components = components.cloned().unwrap_or_default();
    let mut taken = ident::taken(components.keys());
    let mut merger = Merger::new(components);
    let mut made = Vec::new();
    walk::schemas(document, &mut |pointer, schema| {
        let parts = match schema.get("allOf") {
            None => return,
            Some(parts) => parts.as_array().map_or(0, Vec::len),
        };
        let mut now = merger.flat(schema, 0);
        if walk::referenced(&now).is_none() && now.get("allOf").is_none() {
            report.adapt(
                CONSTRUCT,
                pointer,
                format!("`allOf` of {parts}"),
                "one schema",
            );
        }
        if merger.take_dropped() {
            report.lose(
                CONSTRUCT,
                pointer,
                "unions with too many variants together",
                "the first of them",
            );
        }
        if let Some(owner) = pointer.strip_prefix("/components/schemas/") {
            tagged::run(&walk::unescape(owner), &mut now, &mut taken, &mut made);
        }
        *schema = now;
    });
    if let Some(schemas) = walk::object_at(document, &["components", "schemas"]) {
        schemas.extend(made);
    }
    // What was copied from another schema holds its `allOf` of one reference as written.
    walk::schemas(document, &mut |_, schema| {
        if schema.get("allOf").is_some() {
            *schema = merger.flat(schema, 0);
        }
    });
    if let Some(schemas) = walk::object_at(document, &["components", "schemas"]) {
        end_circles(schemas, report);
    }
}

/// Schemas that are each other and nothing else say nothing.
fn end_circles(schemas: &mut walk::Object, report: &mut Report) {
    let only = |schema: &Value| {
        walk::referenced(schema).or_else(|| walk::referenced(schema["allOf"].get(0)?))
    };
    let names: Vec<String> = schemas.keys().cloned().collect();
    for name in names {
        let mut seen = HashSet::from([name.clone()]);
        let mut next = only(&schemas[&name]);
        while let Some(target) = next {
            next = schemas.get(&target).and_then(only);
            if !seen.insert(target) {
                report.adapt(
                    CONSTRUCT,
                    format!("/components/schemas/{}", walk::escape(&name)),
                    "a schema that is only itself",
                    "any value",
                );
                schemas[&name] = json!({});
                break;
            }
        }
    }
}

/// Whether a part says more than annotations and constraints.
pub fn defines(part: &Value) -> bool {
    const DEFINING: [&str; 12] = [
        "$ref",
        "type",
        "properties",
        "additionalProperties",
        "items",
        "enum",
        "allOf",
        "oneOf",
        "anyOf",
        "x-sixclicks-mark-prefix-items",
        "x-sixclicks-mark-pattern-properties",
        "format",
    ];
    let Some(object) = part.as_object() else {
        return false;
    };
    // `type: object` and `additionalProperties: false` say nothing by themselves.
    object
        .iter()
        .any(|(keyword, value)| match keyword.as_str() {
            "type" => value != "object",
            "additionalProperties" => *value != json!(false),
            keyword => DEFINING.contains(&keyword),
        })
}
