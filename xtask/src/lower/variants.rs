//! Variants of a union that are one type: what told them apart, a constraint or a format that
//! Rust has no type for, is told in the documentation and no longer in the type.

use serde_json::{Value, json};

use super::{LowerError, unions::add_tags, walk};
use crate::{counted::counted, report::Report};

const CONSTRUCT: &str = "variants";

/// What decides the type of a schema that is no object of its own.
const DECIDING: [&str; 9] = [
    "type",
    "format",
    "items",
    "additionalProperties",
    "allOf",
    "oneOf",
    "$ref",
    "x-sixclicks-mark-variants",
    "nullable",
];

/// The pass; `formats` and `loosen` ran before it.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |pointer, schema| {
        let Some(Value::Array(variants)) = schema.get_mut("oneOf") else {
            return;
        };
        let count = variants.len();
        merge(variants);
        if variants.len() == count {
            return;
        }
        report.adapt(
            CONSTRUCT,
            pointer,
            counted(count, "variant"),
            counted(variants.len(), "type"),
        );
        if let [only] = variants.as_mut_slice() {
            let only = only.take();
            replace(schema, only);
        }
    });
    Ok(())
}

/// Keeps the first of variants of one type, with what is said of each.
fn merge(variants: &mut Vec<Value>) {
    let mut kept: Vec<(Value, Value)> = Vec::new();
    for variant in variants.drain(..) {
        let deciding = deciding(&variant);
        match kept.iter_mut().find(|(known, _)| *known == deciding) {
            Some((_, first)) => {
                describe(first, variant["description"].as_str());
                add_tags(first, &variant);
            }
            None => kept.push((deciding, variant)),
        }
    }
    variants.extend(kept.into_iter().map(|(_, variant)| variant));
}

fn deciding(schema: &Value) -> Value {
    if let Some(rust) = schema.get("x-sixclicks-mark-rust-type") {
        return rust.clone();
    }
    // An object of its own has a name of its own.
    if schema.get("properties").is_some() {
        return schema.clone();
    }
    let mut deciding = json!({});
    for keyword in DECIDING {
        deciding[keyword] = match schema.get(keyword) {
            // An object of which nothing else is said is any, closed or not.
            Some(Value::Bool(_)) if keyword == "additionalProperties" => continue,
            Some(inner @ Value::Object(_)) => self::deciding(inner),
            Some(value) => value.clone(),
            None => continue,
        };
    }
    deciding
}

/// Adds what is said of another variant.
fn describe(first: &mut Value, other: Option<&str>) {
    let Some(other) = other else {
        return;
    };
    let told = match first["description"].as_str() {
        Some(own) if own.contains(other) => return,
        Some(own) => format!("{own}\n\nOr: {other}"),
        None => other.to_owned(),
    };
    // A reference has no place for it.
    if first.get("$ref").is_none() {
        first["description"] = json!(told);
    }
}

/// A union of one is that one, with what is said of the union.
fn replace(schema: &mut Value, mut only: Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    object.remove("oneOf");
    object.remove("discriminator");
    if only.get("$ref").is_some() && !object.is_empty() {
        only = json!({"allOf": [only]});
    }
    let said = std::mem::take(object);
    let described = said.get("description").and_then(Value::as_str);
    if let Some(own) = described
        && let Some(inner) = only["description"].as_str()
    {
        only["description"] = json!(format!("{own}\n\n{inner}"));
    }
    for (keyword, value) in said {
        if only.get(&keyword).is_none() {
            only[keyword.as_str()] = value;
        }
    }
    *schema = only;
}
