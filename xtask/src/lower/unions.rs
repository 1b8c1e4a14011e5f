//! `oneOf` and `anyOf`: null among the variants makes the schema nullable, a single
//! variant is no union, variants that only constrain are dropped, single values of one
//! type become an enum. What remains is `oneOf` of at least two kinds of value.

use serde_json::{Value, json};

use super::{LowerError, all_of::defines, inheritance::target_name, walk};
use crate::report::Report;

const CONSTRUCT: &str = "unions";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let components = walk::object_at(document, &["components", "schemas"])
        .cloned()
        .unwrap_or_default();
    walk::schemas(document, &mut |pointer, schema| {
        if schema.get("oneOf").is_some() || schema.get("anyOf").is_some() {
            simplify(pointer, schema, &components, report);
        }
        if let Some(object) = schema.as_object_mut() {
            if object.get("not").is_some() {
                object.remove("not");
                report.adapt(CONSTRUCT, pointer, "`not`", "no constraint");
            }
            if object.get("oneOf").is_none() {
                object.remove("discriminator");
                object.remove("x-sixclicks-mark-base");
            }
        }
    });
    Ok(())
}

fn simplify(pointer: &str, schema: &mut Value, components: &walk::Object, report: &mut Report) {
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
        1 => {
            let only = variants.remove(0);
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
                if keyword != "discriminator" && keyword != "x-sixclicks-mark-base" {
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
            discriminate(object, &mut variants, components);
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

/// Keeps the first of variants that mean the same.
fn distinct(variants: &mut Vec<Value>) {
    let meaning = |variant: &Value| {
        let mut variant = variant.clone();
        if let Some(object) = variant.as_object_mut() {
            for keyword in ["description", "title", "example", "default"] {
                if object.get("properties").is_none() {
                    object.remove(keyword);
                }
            }
        }
        variant
    };
    let mut seen: Vec<Value> = Vec::new();
    variants.retain(|variant| {
        let meaning = meaning(variant);
        let new = !seen.contains(&meaning);
        seen.push(meaning);
        new
    });
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

/// Completes the discriminator: a value for every variant, a variant for every value.
/// It is only of use when every variant is an object of its own name.
fn discriminate(object: &mut walk::Object, variants: &mut Vec<Value>, components: &walk::Object) {
    let Some(discriminator) = object.remove("discriminator") else {
        return;
    };
    let Some(property) = discriminator["propertyName"].as_str() else {
        return;
    };
    let mut mapping = walk::Object::new();
    for (value, target) in discriminator["mapping"].as_object().into_iter().flatten() {
        let Some(name) = target.as_str().map(target_name) else {
            continue;
        };
        if components.contains_key(&name) {
            mapping.insert(value.clone(), json!(walk::reference(&name)));
        }
    }
    for target in mapping.values() {
        let variant = json!({"$ref": target});
        if !variants.contains(&variant) {
            variants.push(variant);
        }
    }
    let base = object.get("x-sixclicks-mark-base").cloned();
    for variant in variants.iter() {
        let Some(name) = walk::referenced(variant) else {
            return;
        };
        let target = json!(walk::reference(&name));
        if !mapping.values().any(|known| *known == target) && Some(&target) != base.as_ref() {
            mapping.insert(name, target);
        }
    }
    object.insert(
        "discriminator".to_owned(),
        json!({"propertyName": property, "mapping": mapping}),
    );
}
