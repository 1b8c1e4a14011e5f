//! `oneOf` and `anyOf`: null among the variants makes the schema nullable, a single
//! variant is no union, variants that only constrain are dropped, single values of one
//! type become an enum. What remains is `oneOf` of at least two kinds of value.

use serde_json::{Value, json};

use super::{
    LowerError,
    all_of::defines,
    tags::{OF_VARIANTS, TAGS},
    walk,
};
use crate::report::Report;

const CONSTRUCT: &str = "unions";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |pointer, schema| {
        if schema.get("oneOf").is_some() || schema.get("anyOf").is_some() {
            simplify(pointer, schema, report);
        }
        if let Some(object) = schema.as_object_mut() {
            if object.get("not").is_some() {
                object.remove("not");
                report.adapt(CONSTRUCT, pointer, "`not`", "no constraint");
            }
            if object.get("oneOf").is_none() {
                object.remove("discriminator");
            }
        }
    });
    Ok(())
}

fn simplify(pointer: &str, schema: &mut Value, report: &mut Report) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    let any_of = object.get("oneOf").is_none();
    // NSwag writes `additionalProperties: false` beside everything; each variant says its own.
    let closed = object.get("additionalProperties") == Some(&json!(false));
    if closed && object.get("properties").is_none() {
        object.remove("additionalProperties");
    }
    let mut variants: Vec<Value> = Vec::new();
    for keyword in ["oneOf", "anyOf"] {
        if let Some(Value::Array(list)) = object.remove(keyword) {
            variants.extend(list);
        }
    }
    let count = variants.len();
    let own_type = object.remove("type");
    let is_object = own_type.as_ref().is_some_and(|kind| kind == "object");
    let own_type = own_type.filter(|_| !is_object);
    variants.retain(|variant| !is_null(variant));
    if variants.len() < count {
        object.insert("nullable".to_owned(), json!(true));
    }
    for variant in &mut variants {
        if variant.get("type").is_none()
            && variant.get("$ref").is_none()
            && let Some(kind) = &own_type
            && let Some(variant) = variant.as_object_mut()
        {
            variant.insert("type".to_owned(), kind.clone());
        }
        if variant.get("nullable") == Some(&json!(true)) {
            object.insert("nullable".to_owned(), json!(true));
            if let Some(variant) = variant.as_object_mut() {
                variant.remove("nullable");
            }
        }
    }
    let anything = variants
        .iter()
        .any(|variant| variant.as_object().is_some_and(|v| v.is_empty()));
    // An object of which nothing is said is one of several; beside what is an object anyway,
    // it only holds a constraint.
    let object_anyway = is_object || object.get("properties").is_some();
    let any_object = |variant: &Value| {
        variant["type"] == "object" && variant.get("required").is_none() && !object_anyway
    };
    variants.retain(|variant| defines(variant) || any_object(variant));
    distinct(&mut variants);
    if let Some(merged) = single_values(&variants) {
        variants = vec![merged];
    }
    if anything && (any_of || variants.is_empty()) && object.get("properties").is_none() {
        variants.clear();
    }
    let annotations = object.clone();
    match variants.len() {
        0 => {
            object.remove("discriminator");
            if let Some(kind) = own_type {
                object.insert("type".to_owned(), kind);
            } else if object.get("properties").is_some() {
                object.insert("type".to_owned(), json!("object"));
            }
            report.adapt(
                CONSTRUCT,
                pointer,
                format!("a union of {count}"),
                "no union",
            );
        }
        // There may be more of what a discriminator tells apart.
        1 if object.get("discriminator").is_some()
            && variants[0].get("$ref").is_some()
            && variants[0][TAGS]
                .as_array()
                .is_some_and(|tags| !tags.is_empty()) =>
        {
            object.insert("oneOf".to_owned(), Value::Array(variants));
        }
        1 => {
            let mut only = variants.remove(0);
            if let Some(only) = only.as_object_mut() {
                only.retain(|keyword, _| !OF_VARIANTS.contains(&keyword.as_str()));
            }
            *schema = if only.get("$ref").is_some() {
                if annotations.is_empty() {
                    only
                } else {
                    json!({"allOf": [only]})
                }
            } else {
                only
            };
            for (keyword, value) in annotations {
                if keyword != "discriminator" {
                    schema[keyword.as_str()] = value;
                }
            }
            if count > 1 {
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("a union of {count}"),
                    "one schema",
                );
            }
        }
        _ => {
            if variants.iter().all(|variant| variant.get(TAGS).is_none()) {
                object.remove("discriminator");
            }
            object.insert("oneOf".to_owned(), Value::Array(variants));
            if any_of {
                report.adapt(CONSTRUCT, pointer, "`anyOf`", "the variant that fits best");
            }
        }
    }
}

/// Whether a variant only allows null.
fn is_null(variant: &Value) -> bool {
    let only_null = variant["enum"]
        .as_array()
        .is_some_and(|v| v.iter().all(Value::is_null) && !v.is_empty());
    variant.get("x-sixclicks-mark-null").is_some()
        || only_null
        || variant["type"] == "null"
        || variant
            .as_object()
            .is_some_and(|o| o.len() == 1 && o.get("nullable") == Some(&json!(true)))
}

/// Keeps the first of variants that mean the same, with the tags of all.
fn distinct(variants: &mut Vec<Value>) {
    let meaning = |variant: &Value| {
        let mut variant = variant.clone();
        if let Some(object) = variant.as_object_mut() {
            object.retain(|keyword, _| !OF_VARIANTS.contains(&keyword.as_str()));
            for keyword in ["description", "title", "example", "default"] {
                if object.get("properties").is_none() {
                    object.remove(keyword);
                }
            }
        }
        variant
    };
    let mut kept: Vec<(Value, Value)> = Vec::new();
    for variant in variants.drain(..) {
        let meaning = meaning(&variant);
        match kept.iter_mut().find(|(known, _)| *known == meaning) {
            Some((_, first)) => add_tags(first, &variant),
            None => kept.push((meaning, variant)),
        }
    }
    variants.extend(kept.into_iter().map(|(_, variant)| variant));
}

/// Adds the marks of a variant to those of another one of the same type.
pub fn add_tags(first: &mut Value, other: &Value) {
    for mark in OF_VARIANTS {
        let Some(more) = other.get(mark) else {
            continue;
        };
        match (first.get_mut(mark), more) {
            (Some(Value::Array(tags)), Value::Array(more)) => {
                let new: Vec<Value> = more.iter().filter(|v| !tags.contains(v)).cloned().collect();
                tags.extend(new);
            }
            (None, more) => first[mark] = more.clone(),
            _ => {}
        }
    }
}

/// Variants that are each one value of the same type are together an enum.
fn single_values(variants: &[Value]) -> Option<Value> {
    let first = variants.first()?.get("type")?.clone();
    let mut values = Vec::new();
    let mut names = Vec::new();
    for variant in variants {
        let one = variant["enum"]
            .as_array()
            .filter(|values| values.len() == 1)?;
        if variant.get("type")? != &first || variant.get("properties").is_some() {
            return None;
        }
        values.push(one[0].clone());
        names.push(variant.get("title").cloned());
    }
    let mut merged = json!({"type": first, "enum": values});
    if let Some(names) = names.into_iter().collect::<Option<Vec<Value>>>() {
        merged["x-enum-varnames"] = Value::Array(names);
    }
    (variants.len() > 1).then_some(merged)
}
