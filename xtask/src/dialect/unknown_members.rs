//! Closed objects in responses: servers send members that the document hides, those of subtypes that
//! it leaves out among them. They are kept beside the documented ones. What only requests hold stays
//! closed, and so do the variants of unions, which are told apart by their members.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{reach::Reach, table::Context};
use crate::{lower::walk, report::Report};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let reach = Reach::of(document);
    let apart = told_apart(document);
    let components = walk::object_at(document, &["components", "schemas"]);
    for (name, schema) in components.into_iter().flatten() {
        let has_members = schema["properties"]
            .as_object()
            .is_some_and(|own| !own.is_empty());
        let is_plain = ["allOf", "anyOf", "oneOf", "discriminator"]
            .into_iter()
            .all(|keyword| schema.get(keyword).is_none());
        let closed = schema["additionalProperties"] == json!(false);
        if has_members
            && is_plain
            && closed
            && reach.answered.contains(name)
            && !apart.contains(name)
        {
            schema["additionalProperties"] = json!({});
            report.adapt(
                context.name,
                format!("/components/schemas/{}", walk::escape(name)),
                "a closed object in responses",
                "one that keeps other members",
            );
        }
    }
}

/// The components that are variants of a union, or that others extend.
fn told_apart(document: &mut Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk::schemas(document, &mut |_, schema| {
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let branches = schema[keyword]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            // One reference alone is how a description or `nullable` is put beside it.
            if branches.len() > 1 {
                found.extend(branches.iter().filter_map(walk::referenced));
            }
        }
        let mapping = schema["discriminator"]["mapping"].as_object();
        let targets = mapping.into_iter().flat_map(Map::values);
        found.extend(targets.filter_map(|target| {
            let target = target.as_str()?;
            let name = target.strip_prefix("#/components/schemas/");
            Some(name.map_or_else(|| target.to_owned(), walk::unescape))
        }));
    });
    found
}
