//! Circles of requirements: a user that requires a profile that requires its user has no value
//! that ever ends. Servers leave the way back out, or say null, so that what closes a circle may
//! be left out.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{LowerError, walk};
use crate::report::Report;

const CONSTRUCT: &str = "circles";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let Some(schemas) = walk::object_at(document, &["components", "schemas"]) else {
        return Ok(());
    };
    let finite = finite(schemas);
    if finite.len() == schemas.len() {
        return Ok(());
    }
    let circles: HashSet<String> = circles(schemas, &finite);
    let ends: HashSet<String> = finite.into_iter().map(str::to_owned).collect();
    let ends = |name: &str| ends.contains(name);
    for (name, schema) in schemas.iter_mut() {
        if !circles.contains(name) {
            continue;
        }
        let pointer = format!("/components/schemas/{}", walk::escape(name));
        walk::within(schema, &pointer, &mut |pointer, schema| {
            let properties = schema["properties"].take();
            let required = schema.get_mut("required").and_then(Value::as_array_mut);
            if let Some(required) = required {
                required.retain(|name| {
                    let name = name.as_str().unwrap_or_default();
                    let property = &properties[name];
                    let kept = property.is_null() || has_end(property, &ends);
                    if !kept {
                        report.adapt(
                            CONSTRUCT,
                            format!("{pointer}/properties/{}", walk::escape(name)),
                            "required in a circle, so that no value ends",
                            "it may be left out",
                        );
                    }
                    kept
                });
            }
            if !properties.is_null() {
                schema["properties"] = properties;
            } else if let Some(schema) = schema.as_object_mut() {
                schema.remove("properties");
            }
        });
    }
    Ok(())
}

/// The components that have a value with an end.
fn finite(schemas: &walk::Object) -> HashSet<&str> {
    let mut dependants: HashMap<String, Vec<&str>> = HashMap::new();
    for (name, schema) in schemas {
        needs(schema, &mut |target| {
            dependants.entry(target).or_default().push(name);
        });
    }
    let mut finite = HashSet::new();
    let mut open: Vec<&str> = schemas.keys().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        let ends = |other: &str| finite.contains(other) || !schemas.contains_key(other);
        if !finite.contains(name) && has_end(&schemas[name], &ends) {
            finite.insert(name);
            open.extend(dependants.remove(name).into_iter().flatten());
        }
    }
    finite
}

/// The components without an end that others without an end have to hold: what only leads into
/// a circle is no part of it.
fn circles(schemas: &walk::Object, finite: &HashSet<&str>) -> HashSet<String> {
    let mut needed: HashMap<String, usize> = HashMap::new();
    let endless = schemas
        .iter()
        .filter(|(name, _)| !finite.contains(name.as_str()));
    for (name, schema) in endless {
        needed.entry(name.clone()).or_default();
        needs(schema, &mut |target| {
            if !finite.contains(target.as_str()) {
                *needed.entry(target).or_default() += 1;
            }
        });
    }
    let unneeded = needed.iter().filter(|(_, count)| **count == 0);
    let mut open: Vec<String> = unneeded.map(|(name, _)| name.clone()).collect();
    while let Some(name) = open.pop() {
        needed.remove(&name);
        needs(&schemas[&name], &mut |target| {
            if let Some(count) = needed.get_mut(&target) {
                *count -= 1;
                if *count == 0 {
                    open.push(target);
                }
            }
        });
    }
    needed.into_keys().collect()
}

/// Whether a schema has a value with an end, given the components that have.
fn has_end(schema: &Value, ends: &dyn Fn(&str) -> bool) -> bool {
    if schema["nullable"] == Value::Bool(true) {
        return true;
    }
    if let Some(target) = walk::referenced(schema) {
        return ends(&target);
    }
    let all = schema["allOf"].as_array().into_iter().flatten();
    let any = ["oneOf", "anyOf"].map(|keyword| schema[keyword].as_array());
    let required = schema["required"].as_array().into_iter().flatten();
    let required = required.filter_map(Value::as_str);
    all.into_iter().all(|part| has_end(part, ends))
        && any.into_iter().flatten().all(|variants| {
            variants.is_empty() || variants.iter().any(|variant| has_end(variant, ends))
        })
        && required
            .map(|name| &schema["properties"][name])
            .all(|property| has_end(property, ends))
}

/// Calls `f` with every component that a value may have to hold.
fn needs(schema: &Value, f: &mut dyn FnMut(String)) {
    if let Some(target) = walk::referenced(schema) {
        return f(target);
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        for part in schema[keyword].as_array().into_iter().flatten() {
            needs(part, f);
        }
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if let Some(name) = name.as_str() {
            needs(&schema["properties"][name], f);
        }
    }
}
