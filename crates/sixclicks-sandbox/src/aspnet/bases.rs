//! Bases and what extends them. The documents close every class, so that by the letter no value has
//! the members of a base and those that are added to it; and Swagger 2.0 has no word for a base that
//! is one of several types.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{each_component, each_object};
use crate::{dialect::Dialect, schema};

/// Opens what is extended, and lists the types that a base may be.
pub fn correct(root: &mut Value, dialect: Dialect) {
    if dialect == Dialect::Microsoft && root.get("swagger").is_some() {
        unions(root);
    }
    let mut bases = BTreeSet::new();
    each_object(root, &mut |fields| {
        let Some(Value::Array(parts)) = fields.get_mut("allOf") else {
            return;
        };
        // One reference alone is how a description is put beside it.
        if parts.len() > 1 {
            parts.iter_mut().for_each(open);
            bases.extend(parts.iter().filter_map(referenced));
        }
    });
    let mut known = BTreeSet::new();
    while let Some(base) = bases.pop_first() {
        let found = schema::pointer(&base).and_then(|pointer| root.pointer_mut(&pointer));
        if let Some(found) = found
            && known.insert(base)
        {
            open(found);
            bases.extend(referenced(found));
        }
    }
}

fn referenced(schema: &Value) -> Option<String> {
    schema["$ref"].as_str().map(str::to_owned)
}

fn open(schema: &mut Value) {
    if schema["additionalProperties"] == false
        && let Some(schema) = schema.as_object_mut()
    {
        schema.remove("additionalProperties");
    }
}

/// Microsoft's writer leaves a base with a discriminator the first of its subtypes. The others are
/// the components whose names begin with the base's and that have one value of the discriminator.
fn unions(root: &mut Value) {
    let before = root["definitions"].clone();
    each_component(root, &mut |name, component| {
        let Some(property) = component["discriminator"].as_str() else {
            return;
        };
        let variants = before.as_object().into_iter().flatten();
        let variants = variants.filter(|(own, schema)| {
            let tags = schema["properties"][property]["enum"].as_array();
            let begins = own.len() > name.len() && own.starts_with(name);
            begins && tags.is_some_and(|tags| tags.len() == 1)
        });
        let variants: Vec<Value> = variants
            .map(|(own, _)| json!({"$ref": format!("#/definitions/{own}")}))
            .collect();
        let only = component["allOf"].as_array().map(Vec::as_slice);
        if let Some([first]) = only
            && variants.len() > 1
            && variants.contains(first)
            && let Some(component) = component.as_object_mut()
        {
            component.remove("allOf");
            component.insert("oneOf".to_owned(), variants.into());
        }
    });
}
