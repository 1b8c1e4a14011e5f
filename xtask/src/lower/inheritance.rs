//! Inheritance: a schema with a discriminator that others build upon with `allOf` stands
//! for any of them. It becomes the union of its subtypes; what it says itself moves to
//! a schema of its own, named after it with `Base`. So does a schema in the middle of the
//! hierarchy, where something refers to it.

mod family;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Value, json};

use super::{
    LowerError,
    tags::{DEFAULT, Found, GUESSED, NAME, Source, TAGS},
    walk,
};
use crate::{ident, report::Report};

pub use family::children;
use family::{Family, used};

const CONSTRUCT: &str = "inheritance";

/// The mark of a base that keeps the members that the document does not describe: they are
/// those of subtypes.
pub const OPEN: &str = "x-sixclicks-mark-open";
/// The mark of a schema that is only there for others to build upon.
pub const ABSTRACT: &str = "x-sixclicks-mark-abstract";
/// The mark of a discriminator that nobody gives a value: its name.
pub const LOOSE: &str = "x-sixclicks-mark-loose-tag";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let used = used(document);
    let Some(schemas) = walk::object_at(document, &["components", "schemas"]) else {
        return Ok(());
    };
    let sources = schemas.clone();
    let family = Family::new(&sources);
    let mut taken = ident::taken(schemas.keys());
    let mut split: BTreeMap<String, Split<'_>> = BTreeMap::new();
    for base in family.roots() {
        let Some(property) = family.property(&base) else {
            continue;
        };
        if family.variants(&base, property).is_empty() {
            alone(&mut schemas[&base], property);
        } else {
            let own = ident::unique(format!("{base}Base"), &mut taken);
            split.insert(base, Split { own, property });
        }
    }
    for (base, property) in family.middles(&split.keys().cloned().collect(), &used) {
        let own = ident::unique(format!("{base}Base"), &mut taken);
        split.insert(base, Split { own, property });
    }
    let mut unions = BTreeMap::new();
    for base in split.keys() {
        unions.insert(base.clone(), union(base, &split, &family, report));
    }
    for (base, (union, body)) in unions {
        schemas.insert(split[&base].own.clone(), body);
        schemas[&base] = union;
    }
    let bases: BTreeSet<&String> = split.keys().collect();
    for schema in schemas.values_mut() {
        let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
        for part in parts.into_iter().flatten() {
            if let Some(split) = walk::referenced(part).and_then(|name| split.get(&name)) {
                part["$ref"] = json!(walk::reference(&split.own));
            }
        }
    }
    let heirs: BTreeMap<&String, BTreeSet<String>> = bases
        .into_iter()
        .map(|base| (base, family.below(base)))
        .collect();
    walk::schemas(document, &mut |pointer, schema| {
        let own = pointer.strip_prefix("/components/schemas/");
        if !own.is_some_and(|name| split.contains_key(&walk::unescape(name))) {
            listed_with_heirs(schema, &split, &heirs);
        }
    });
    Ok(())
}

/// A schema that becomes a union.
struct Split<'a> {
    /// The name of what it says itself.
    own: String,
    property: &'a str,
}

/// The union that a base becomes, and what it says itself.
fn union(
    base: &str,
    split: &BTreeMap<String, Split<'_>>,
    family: &Family<'_>,
    report: &mut Report,
) -> (Value, Value) {
    let Split { own, property } = &split[base];
    let pointer = format!("/components/schemas/{}", walk::escape(base));
    let mut body = family.schemas[base].clone();
    let object = body.as_object_mut();
    let discriminator = object.and_then(|object| object.remove("discriminator"));
    let declared = discriminator.is_some();
    let discriminator = family.discriminator(base, property);
    let source = Source::new(family.schemas, &discriminator, property);
    if declared {
        source.unknown(&pointer, report);
    }
    let default = source.default_target();
    let mut one_of: Vec<Value> = Vec::new();
    let variants = family.variants(base, property);
    for name in &variants {
        let reference = json!({"$ref": walk::reference(name)});
        let found = family.tags(&source, name);
        // A subtype that is told apart from its own subtypes by another property stands for them.
        let target = split.get(name).filter(|inner| inner.property == *property);
        let mut variant = match target {
            Some(inner) => json!({"$ref": walk::reference(&inner.own), NAME: name}),
            None => reference,
        };
        source.put(&mut variant, &found);
        if default.as_ref() == Some(name) {
            variant[DEFAULT] = json!(true);
        }
        if target.is_some() && found.is_guessed && is_abstract(&family.schemas[name]) {
            continue;
        }
        one_of.push(variant);
    }
    // The base itself: with a value if the document gives one, otherwise without.
    let mut found = family.tags(&source, base);
    if found.is_guessed && declared {
        found = Found::default();
    }
    if is_abstract(&body) && found.tags.is_empty() {
        body[ABSTRACT] = json!(true);
    } else {
        let mut variant = json!({"$ref": walk::reference(own)});
        source.put(&mut variant, &found);
        if default.as_deref() == Some(base) {
            variant[DEFAULT] = json!(true);
        }
        one_of.push(variant);
    }
    body[OPEN] = json!(true);
    report.adapt(
        CONSTRUCT,
        pointer,
        format!("a base of {} subtypes", variants.len()),
        format!("their union; its own properties are in `{own}`"),
    );
    let mut union = json!({"oneOf": one_of, "discriminator": {"propertyName": property}});
    if let Some(description) = body.get("description") {
        union["description"] = description.clone();
    }
    (union, body)
}

fn is_abstract(schema: &Value) -> bool {
    schema["x-abstract"] == json!(true)
}

/// A base whose subtypes the document leaves out. What it carries is not known.
fn alone(schema: &mut Value, property: &str) {
    if let Some(object) = schema.as_object_mut() {
        object.remove("discriminator");
        object.insert(OPEN.to_owned(), json!(true));
        object.insert(LOOSE.to_owned(), json!(property));
    }
}

/// A union that lists a base beside its heirs: the base stands for all of them.
fn listed_with_heirs(
    schema: &mut Value,
    split: &BTreeMap<String, Split<'_>>,
    heirs: &BTreeMap<&String, BTreeSet<String>>,
) {
    let tagged = schema.get("discriminator").is_some();
    for keyword in ["oneOf", "anyOf"] {
        let Some(variants) = schema.get_mut(keyword).and_then(Value::as_array_mut) else {
            continue;
        };
        let names: HashSet<String> = variants.iter().filter_map(walk::referenced).collect();
        let bases: Vec<&String> = heirs
            .iter()
            .filter(|(base, heirs)| {
                names.contains(**base) && heirs.iter().any(|heir| names.contains(heir))
            })
            .map(|(base, _)| *base)
            .collect();
        for base in bases {
            if tagged {
                let is_base = |v: &&mut Value| walk::referenced(v).as_ref() == Some(base);
                for variant in variants.iter_mut().filter(is_base) {
                    variant["$ref"] = json!(walk::reference(&split[base].own));
                    variant[NAME] = json!(base);
                    if let Some(variant) = variant.as_object_mut()
                        && variant.remove(GUESSED).is_some()
                    {
                        variant.insert(TAGS.to_owned(), json!([]));
                    }
                }
            } else {
                variants.retain(|variant| {
                    !walk::referenced(variant).is_some_and(|name| heirs[base].contains(&name))
                });
            }
        }
    }
}

/// The component that a discriminator mapping names, by reference or by bare name.
pub fn target_name(target: &str) -> String {
    walk::unescape(target.rsplit('/').next().unwrap_or(target))
}
