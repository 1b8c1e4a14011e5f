//! Constants: the discriminator of a variant is a property of one value, which is sent first
//! and which nobody sets. Unions without a discriminator whose variants have a property of
//! distinct values are told apart by it as well.

mod fields;
mod told_apart;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    LowerError,
    inheritance::{ABSTRACT, LOOSE, OPEN},
    tags::{GUESSED, SETTABLE, TAGS, is_object, resolved},
    walk,
};
use crate::report::Report;
use fields::{fix, loosen};

const CONSTRUCT: &str = "constants";

/// The mark of a schema that is one value.
pub const CONSTANT: &str = "x-sixclicks-mark-constant";
/// The mark of a property that is a discriminator: `fixed` for a constant, `first` for one of
/// several values of which the first is meant if none is set, `received` for what came, and
/// `free` for a value that nobody knows.
pub const TAG: &str = "x-sixclicks-mark-tag";
/// The mark of a variant whose type writes its discriminator itself.
pub const OWN: &str = "x-sixclicks-mark-own-tag";

/// The tags that unions give to components: by component and property.
type Given = BTreeMap<String, BTreeMap<String, Vec<Tags>>>;

/// The tags of a variant of one union.
#[derive(Clone, Debug, PartialEq)]
struct Tags {
    values: Vec<Value>,
    /// Whether users may set others.
    is_settable: bool,
    /// Whether it is the one variant that stands for objects without a tag.
    is_base: bool,
}

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    said(document);
    apply(document);
    told_apart::run(document, report);
    apply(document);
    let Some(schemas) = walk::object_at(document, &["components", "schemas"]) else {
        return Ok(());
    };
    for schema in schemas.values_mut() {
        let loose = schema
            .as_object_mut()
            .and_then(|schema| schema.remove(LOOSE));
        if let Some(Value::String(property)) = loose {
            loosen(schema, &property);
        }
        if schema
            .as_object_mut()
            .and_then(|schema| schema.remove(OPEN))
            .is_some()
        {
            open(schema);
        }
    }
    unused(document);
    Ok(())
}

/// A tag that one union gives to a component is its tag in every union that gives it none.
fn said(document: &mut Value) {
    let mut known: BTreeMap<(String, String), Value> = BTreeMap::new();
    let mut visit = |f: &mut dyn FnMut(&str, &mut Value)| {
        walk::schemas(document, &mut |_, schema| {
            let property = schema["discriminator"]["propertyName"].as_str();
            let Some(property) = property.map(str::to_owned) else {
                return;
            };
            let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut);
            for variant in variants.into_iter().flatten() {
                f(&property, variant);
            }
        });
    };
    visit(&mut |property, variant| {
        let has_tags = variant[TAGS]
            .as_array()
            .is_some_and(|tags| !tags.is_empty());
        if let Some(name) = walk::referenced(variant)
            && has_tags
            && variant.get(GUESSED).is_none()
        {
            let key = (property.to_owned(), name);
            known.entry(key).or_insert_with(|| variant[TAGS].clone());
        }
    });
    visit(&mut |property, variant| {
        let key = walk::referenced(variant).map(|name| (property.to_owned(), name));
        if let Some(tags) = key.and_then(|key| known.get(&key))
            && variant.get(GUESSED).is_some()
            && let Some(variant) = variant.as_object_mut()
        {
            variant.insert(TAGS.to_owned(), tags.clone());
            variant.remove(GUESSED);
            variant.remove(SETTABLE);
        }
    });
}

/// Has an object keep the members that nobody describes.
fn open(schema: &mut Value) {
    if !schema["additionalProperties"].is_object() && schema.get("properties").is_some() {
        schema["additionalProperties"] = json!({});
    }
}

/// Gives every variant of a union with a discriminator its constant.
fn apply(document: &mut Value) {
    let mut schemas = walk::object_at(document, &["components", "schemas"])
        .cloned()
        .unwrap_or_default();
    let mut given = Given::new();
    walk::schemas(document, &mut |_, schema| {
        let Some(property) = schema["discriminator"]["propertyName"].as_str() else {
            return;
        };
        for (variant, tags) in tagged(schema) {
            let Some(name) = walk::referenced(variant) else {
                continue;
            };
            give(&name, property, &tags, &schemas, &mut given, 0);
        }
    });
    for (name, properties) in &given {
        for (property, tags) in properties {
            let target =
                walk::referenced(&schemas[name]).is_some() || schemas[name].get("allOf").is_some();
            if target && is_struct(resolved(&schemas, &schemas[name])) {
                // Another name of a type is a type of its own once it has a tag of its own.
                schemas[name] = resolved(&schemas, &schemas[name]).clone();
                if let Some(schema) = schemas[name].as_object_mut() {
                    schema
                        .retain(|keyword, _| ![OPEN, ABSTRACT, LOOSE].contains(&keyword.as_str()));
                }
            }
            if is_struct(&schemas[name]) {
                fix(&mut schemas[name], property, tags);
            }
        }
    }
    if let Some(now) = walk::object_at(document, &["components", "schemas"]) {
        *now = schemas.clone();
    }
    walk::schemas(document, &mut |_, schema| {
        let Some(property) = schema["discriminator"]["propertyName"].as_str() else {
            return;
        };
        let property = property.to_owned();
        let all: Vec<Tags> = tagged(schema).map(|(_, tags)| tags).collect();
        let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut);
        for (variant, tags) in variants.into_iter().flatten().zip(all) {
            if variant.get("$ref").is_none() && variant.get("allOf").is_none() && is_struct(variant)
            {
                fix(variant, &property, std::slice::from_ref(&tags));
            }
            let own = writes(&schemas, variant, &property, &tags.values, 0);
            if let Some(variant) = variant.as_object_mut() {
                variant.remove(OWN);
                if own {
                    variant.insert(OWN.to_owned(), json!(true));
                }
            }
        }
    });
}

/// The variants of a union with their tags.
fn tagged(schema: &Value) -> impl Iterator<Item = (&Value, Tags)> {
    let variants = schema["oneOf"].as_array().map_or(&[][..], Vec::as_slice);
    let is_bare = |variant: &Value| variant[TAGS].as_array().is_none_or(Vec::is_empty);
    let bare = variants.iter().filter(|variant| is_bare(variant)).count();
    variants.iter().map(move |variant| {
        let tags = Tags {
            values: variant[TAGS].as_array().cloned().unwrap_or_default(),
            is_settable: variant.get(SETTABLE).is_some(),
            is_base: bare == 1 && is_bare(variant),
        };
        (variant, tags)
    })
}

/// How many unions may be variants of one another.
const DEEPEST: usize = 16;

/// Gives a component the tags of a variant; a union gives them to its own variants, unless they
/// have tags of the same property.
fn give(
    name: &str,
    property: &str,
    tags: &Tags,
    schemas: &walk::Object,
    given: &mut Given,
    depth: usize,
) {
    let Some(schema) = schemas.get(name).filter(|_| depth < DEEPEST) else {
        return;
    };
    let inner = resolved(schemas, schema);
    if inner.get("oneOf").is_none() {
        let known = given.entry(name.to_owned()).or_default();
        let known = known.entry(property.to_owned()).or_default();
        if !known.contains(tags) {
            known.push(tags.clone());
        }
        return;
    }
    if inner["discriminator"]["propertyName"] != json!(property) {
        for variant in inner["oneOf"].as_array().into_iter().flatten() {
            if let Some(name) = walk::referenced(variant) {
                give(&name, property, tags, schemas, given, depth + 1);
            }
        }
    }
}

/// Whether a type writes a discriminator itself, as one of these tags.
fn writes(
    schemas: &walk::Object,
    variant: &Value,
    property: &str,
    tags: &[Value],
    depth: usize,
) -> bool {
    let schema = resolved(schemas, variant);
    if depth > DEEPEST {
        return false;
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        return schema["discriminator"]["propertyName"] == json!(property)
            || variants
                .iter()
                .all(|variant| writes(schemas, variant, property, tags, depth + 1));
    }
    let written = &schema["properties"][property];
    match written[TAG].as_str() {
        Some("fixed") => tags == [written[CONSTANT].clone()],
        Some("first") => written["enum"].as_array().is_some_and(|all| all == tags),
        Some("received") => tags.is_empty(),
        _ => tags.is_empty() && written.is_null(),
    }
}

/// Whether a schema becomes a struct, or can.
fn is_struct(schema: &Value) -> bool {
    is_object(schema) && schema["type"] == "object" && schema.get("oneOf").is_none()
}

/// Takes out what was only there to build upon.
fn unused(document: &mut Value) {
    let mut used = std::collections::HashSet::new();
    walk::schemas(document, &mut |_, schema| {
        used.extend(walk::referenced(schema));
    });
    if let Some(schemas) = walk::object_at(document, &["components", "schemas"]) {
        schemas.retain(|name, schema| schema.get(ABSTRACT).is_none() || used.contains(name));
    }
}
