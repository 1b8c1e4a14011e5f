//! Inheritance: a schema with a discriminator that others build upon with `allOf` stands
//! for any of them. It becomes the union of its subtypes; what it says itself moves to
//! a schema of its own, named after it with `Base`.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{ident, report::Report};

const CONSTRUCT: &str = "inheritance";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let Some(schemas) = walk::object_at(document, &["components", "schemas"]) else {
        return Ok(());
    };
    let children = children(schemas);
    let mut taken = ident::taken(schemas.keys());
    let bases: Vec<String> = schemas
        .iter()
        .filter(|(_, schema)| schema["discriminator"]["propertyName"].is_string())
        .filter(|(_, schema)| schema.get("oneOf").is_none() && schema.get("anyOf").is_none())
        .map(|(name, _)| name.clone())
        .collect();
    let mut renamed: Vec<(String, String)> = Vec::new();
    for base in bases {
        let variants = subtypes(&base, &schemas[&base], &children, schemas);
        if variants.is_empty() {
            if let Some(object) = schemas[&base].as_object_mut() {
                object.remove("discriminator");
            }
            continue;
        }
        let own = ident::unique(format!("{base}Base"), &mut taken);
        let mut body = schemas[&base].take();
        let discriminator = body
            .as_object_mut()
            .and_then(|object| object.remove("discriminator"))
            .unwrap_or_default();
        let property = discriminator["propertyName"].clone();
        let mapping: walk::Object = variants
            .iter()
            .map(|(value, target)| (value.clone(), json!(walk::reference(target))))
            .collect();
        let mut listed: Vec<&String> = Vec::new();
        for (_, target) in &variants {
            if !listed.contains(&target) && *target != base {
                listed.push(target);
            }
        }
        let mut one_of: Vec<Value> = listed
            .iter()
            .map(|target| json!({"$ref": walk::reference(target)}))
            .collect();
        one_of.push(json!({"$ref": walk::reference(&own)}));
        report.adapt(
            CONSTRUCT,
            format!("/components/schemas/{}", walk::escape(&base)),
            format!("a base of {} subtypes", listed.len()),
            format!("their union; its own properties are in `{own}`"),
        );
        let mut union = json!({
            "oneOf": one_of,
            "discriminator": {"propertyName": property, "mapping": mapping},
            "x-sixclicks-mark-base": walk::reference(&own),
        });
        if let Some(description) = body.get("description") {
            union["description"] = description.clone();
        }
        for (_, target) in union["discriminator"]
            .get_mut("mapping")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            if *target == json!(walk::reference(&base)) {
                *target = json!(walk::reference(&own));
            }
        }
        schemas[&base] = union;
        schemas.insert(own.clone(), body);
        renamed.push((base, own));
    }
    for (base, own) in renamed {
        for schema in schemas.values_mut() {
            for part in schema
                .get_mut("allOf")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                if walk::referenced(part).as_deref() == Some(&base) {
                    part["$ref"] = json!(walk::reference(&own));
                }
            }
        }
    }
    Ok(())
}

/// The schemas that build upon each with `allOf`, directly.
pub fn children(schemas: &walk::Object) -> BTreeMap<String, Vec<String>> {
    let mut children: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, schema) in schemas {
        for part in schema["allOf"].as_array().into_iter().flatten() {
            if let Some(parent) = walk::referenced(part) {
                children.entry(parent).or_default().push(name.clone());
            }
        }
    }
    children
}

/// The subtypes of a base with the discriminator value of each: those of the mapping,
/// and those that build upon the base, by their names.
fn subtypes(
    base: &str,
    schema: &Value,
    children: &BTreeMap<String, Vec<String>>,
    schemas: &walk::Object,
) -> Vec<(String, String)> {
    let mut variants: Vec<(String, String)> = Vec::new();
    for (value, target) in schema["discriminator"]["mapping"]
        .as_object()
        .into_iter()
        .flatten()
    {
        if let Some(name) = target
            .as_str()
            .map(target_name)
            .filter(|n| schemas.contains_key(n))
        {
            variants.push((value.clone(), name));
        }
    }
    let mut open = vec![base.to_owned()];
    let mut seen = HashSet::from([base.to_owned()]);
    while let Some(name) = open.pop() {
        for child in children.get(&name).into_iter().flatten() {
            if seen.insert(child.clone()) {
                open.push(child.clone());
                if !variants.iter().any(|(_, target)| target == child) {
                    variants.push((child.clone(), child.clone()));
                }
            }
        }
    }
    if variants.iter().all(|(_, target)| target == base) {
        variants.clear();
    }
    variants
}

/// The component that a discriminator mapping names, by reference or by bare name.
pub fn target_name(target: &str) -> String {
    walk::unescape(target.rsplit('/').next().unwrap_or(target))
}
