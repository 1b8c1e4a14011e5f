//! Property names: two properties that would be one field in Rust get fields of their
//! own, and keep their names on the wire.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{ident, report::Report};

const CONSTRUCT: &str = "properties";

/// The pass: a property that had to be renamed keeps its name in `x-sixclicks-mark-wire-name`.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |pointer, schema| {
        let open = schema.get("additionalProperties").is_some();
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
            return;
        };
        let mut taken: HashSet<String> = HashSet::new();
        if open {
            // typify's name for what is not described.
            taken.insert("extra".to_owned());
        }
        // Names that need no change keep theirs.
        let mut keep: HashSet<String> = HashSet::new();
        for name in properties.keys() {
            if ident::field_name(name) == *name && taken.insert(name.clone()) {
                keep.insert(name.clone());
            }
        }
        for name in properties.keys() {
            if !keep.contains(name) && taken.insert(ident::field_name(name)) {
                keep.insert(name.clone());
            }
        }
        if keep.len() == properties.len() {
            return;
        }
        let mut renamed: Vec<(String, String)> = Vec::new();
        let old = std::mem::take(properties);
        for (name, mut property) in old {
            if keep.contains(&name) {
                properties.insert(name, property);
                continue;
            }
            let base = ident::snake_name(&name);
            let mut number = 2;
            let mut field = format!("{base}_{number}");
            while !taken.insert(field.clone()) {
                number += 1;
                field = format!("{base}_{number}");
            }
            report.adapt(
                CONSTRUCT,
                pointer,
                format!("`{name}`, the same field as another"),
                format!("the field `{field}`"),
            );
            if property.get("$ref").is_some() {
                property = json!({"allOf": [property]});
            }
            property["x-sixclicks-mark-wire-name"] = json!(name);
            properties.insert(field.clone(), property);
            renamed.push((name, field));
        }
        for required in schema
            .get_mut("required")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if let Some((_, field)) = renamed.iter().find(|(name, _)| required == name) {
                *required = json!(field);
            }
        }
    });
    Ok(())
}
