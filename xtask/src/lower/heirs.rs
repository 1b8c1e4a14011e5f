//! Bases that list their own heirs: a schema whose `oneOf` or `anyOf` names schemas that build
//! upon it with `allOf`. What an heir takes over is what the base says itself, and not once more
//! the choice between all heirs; the base is then the choice alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{LowerError, inheritance::children, walk};
use crate::report::Report;

const CONSTRUCT: &str = "heirs";

/// The keywords that list heirs.
const LISTS: [&str; 2] = ["oneOf", "anyOf"];
/// What a choice has beside its list; the rest is what the base says itself.
const OF_THE_CHOICE: [&str; 5] = ["oneOf", "anyOf", "discriminator", "description", "nullable"];

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let Some(schemas) = walk::object_at(document, &["components", "schemas"]) else {
        return Ok(());
    };
    // Who builds upon whom is asked before anything changes.
    let children = children(schemas);
    let bases: Vec<(String, usize, BTreeSet<String>)> = schemas
        .iter()
        .filter(|(_, schema)| listed(schema).next().is_some())
        .map(|(base, schema)| {
            let heirs = heirs(&children, base);
            let count = listed(schema)
                .flatten()
                .filter(|name| heirs.contains(name))
                .count();
            (base.clone(), count, heirs)
        })
        .filter(|(_, count, _)| *count > 0)
        .collect();
    for (base, count, heirs) in bases {
        let own = own(&schemas[&base]);
        for name in &heirs {
            let parts = schemas.get_mut(name).and_then(|heir| heir.get_mut("allOf"));
            if let Some(parts) = parts.and_then(Value::as_array_mut) {
                *parts = std::mem::take(parts)
                    .into_iter()
                    .flat_map(|part| match walk::referenced(&part) {
                        Some(parent) if parent == base => own.clone(),
                        _ => vec![part],
                    })
                    .collect();
            }
        }
        report.adapt(
            CONSTRUCT,
            format!("/components/schemas/{}", walk::escape(&base)),
            format!("a choice between {count} schemas that build upon it"),
            "what it says itself is a part of each",
        );
        // Another choice than an heir still needs what the base says.
        if count == listed(&schemas[&base]).count()
            && let Some(choice) = schemas[&base].as_object_mut()
        {
            choice.retain(|keyword, _| OF_THE_CHOICE.contains(&keyword.as_str()));
        }
    }
    Ok(())
}

/// What a schema lists, by name where it is a schema with one.
fn listed(schema: &Value) -> impl Iterator<Item = Option<String>> {
    let lists = LISTS
        .into_iter()
        .filter_map(|list| schema.get(list)?.as_array());
    lists.flatten().map(walk::referenced)
}

/// What a base says itself, as the parts of an heir.
fn own(base: &Value) -> Vec<Value> {
    let mut own = base.clone();
    let mut parts = Vec::new();
    if let Some(own) = own.as_object_mut() {
        own.retain(|keyword, _| !OF_THE_CHOICE.contains(&keyword.as_str()));
        own.entry("type").or_insert(json!("object"));
        if let Some(Value::Array(all)) = own.remove("allOf") {
            parts = all;
        }
    }
    parts.push(own);
    parts
}

/// The schemas that build upon a base, over others too; none where it builds upon itself.
fn heirs(children: &BTreeMap<String, Vec<String>>, base: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next = vec![base];
    while let Some(name) = next.pop() {
        for child in children.get(name).into_iter().flatten() {
            if child == base {
                return BTreeSet::new();
            }
            if found.insert(child.clone()) {
                next.push(child);
            }
        }
    }
    found
}
