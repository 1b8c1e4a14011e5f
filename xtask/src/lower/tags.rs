//! Tags: the values of a discriminator that mean each variant of a union.
//!
//! A variant's tags come from the mapping; else from `x-ms-discriminator-value`; else from the
//! values of its own discriminator property; else from its name. Afterwards every variant of
//! a union with a discriminator carries its tags, in the JSON type that they have on the wire,
//! and the discriminator is the name of the property alone.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{report::Report, upgrade::DEFAULT_TARGET};

const CONSTRUCT: &str = "tags";

/// The tags of a variant, beside its reference.
pub const TAGS: &str = "x-sixclicks-mark-tags";
/// Whether a variant stands for unknown and missing tags.
pub const DEFAULT: &str = "x-sixclicks-mark-default-variant";
/// Whether a variant's tag is its name because its union gives none.
pub const GUESSED: &str = "x-sixclicks-mark-guessed-tag";
/// What a variant is called where its type has another name.
pub const NAME: &str = "x-sixclicks-mark-variant-name";
/// All marks of a variant.
pub const OF_VARIANTS: [&str; 5] = [TAGS, DEFAULT, GUESSED, SETTABLE, NAME];

/// A pass may set this on a discriminator whose mapping has integers for keys, to say that
/// they are sent as numbers though the property is described as text.
pub const NUMBERS: &str = "x-sixclicks-mark-number-tags";
/// A pass may set this on a discriminator to say that tags which are only names of schemas may
/// be wrong, so that users can set others. Such a variant has the mark as well.
pub const SETTABLE: &str = "x-sixclicks-mark-settable-tags";

/// How many references may follow one another.
const LONGEST: usize = 32;

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let schemas = walk::object_at(document, &["components", "schemas"])
        .cloned()
        .unwrap_or_default();
    walk::schemas(document, &mut |pointer, schema| {
        let Some(property) = schema["discriminator"]["propertyName"].as_str() else {
            return;
        };
        let property = property.to_owned();
        let Some(keyword) = ["oneOf", "anyOf"]
            .into_iter()
            .find(|keyword| schema[*keyword].is_array())
        else {
            return;
        };
        let discriminator = schema["discriminator"].take();
        let source = Source::new(&schemas, &discriminator, &property);
        let mut variants = match schema[keyword].take() {
            Value::Array(variants) => variants,
            _ => Vec::new(),
        };
        for name in source.targets() {
            let known = |variant: &Value| walk::referenced(variant).as_ref() == Some(&name);
            if !variants.iter().any(known) {
                variants.push(json!({"$ref": walk::reference(&name)}));
            }
        }
        source.unknown(pointer, report);
        source.mark(&mut variants);
        schema[keyword] = Value::Array(variants);
        schema["discriminator"] = json!({"propertyName": property});
    });
    Ok(())
}

/// What a document says of the values of one discriminator.
pub struct Source<'a> {
    schemas: &'a walk::Object,
    discriminator: &'a Value,
    property: &'a str,
}

impl<'a> Source<'a> {
    /// Of the discriminator of this property.
    pub fn new(schemas: &'a walk::Object, discriminator: &'a Value, property: &'a str) -> Self {
        Self {
            schemas,
            discriminator,
            property,
        }
    }

    /// The property.
    pub fn property(&self) -> &str {
        self.property
    }

    /// The mapping: each value with the component that it means, if there is such a one.
    fn mapping(&self) -> impl Iterator<Item = (&'a str, Option<String>)> {
        let mapping = self.discriminator["mapping"].as_object();
        mapping.into_iter().flatten().map(|(value, target)| {
            let target = target.as_str().unwrap_or_default();
            (value.as_str(), component(target, self.schemas))
        })
    }

    /// The components that the mapping names, each once.
    pub fn targets(&self) -> Vec<String> {
        let mut targets = Vec::new();
        for target in self.mapping().filter_map(|(_, target)| target) {
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        targets
    }

    /// Records the values of the mapping that mean no component.
    pub fn unknown(&self, pointer: &str, report: &mut Report) {
        for (value, _) in self.mapping().filter(|(_, target)| target.is_none()) {
            report.adapt(
                CONSTRUCT,
                format!("{pointer}/discriminator/mapping/{}", walk::escape(value)),
                "a value for a schema that the document does not have",
                "kept as an unknown value",
            );
        }
    }

    /// The component that stands for unknown and missing tags.
    pub fn default_target(&self) -> Option<String> {
        let mut mapping = self.mapping();
        mapping.find_map(|(value, target)| target.filter(|_| value == DEFAULT_TARGET))
    }

    /// Marks the variants of a union with their tags.
    pub fn mark(&self, variants: &mut [Value]) {
        let default = self.default_target();
        let found: Vec<Found> = variants
            .iter()
            .map(|variant| self.find(variant, &HashSet::new()))
            .collect();
        let shared = shared(&found);
        for (index, variant) in variants.iter_mut().enumerate() {
            let mut now = &found[index];
            let named = self.by_name(variant, Some(&now.tags));
            if shared.contains(&index) {
                now = &named;
            }
            self.put(variant, now);
            let name = walk::referenced(variant);
            if name.is_some() && name == default {
                variant[DEFAULT] = json!(true);
            }
        }
    }

    /// Writes tags beside a variant's reference.
    pub fn put(&self, variant: &mut Value, found: &Found) {
        let mut tags: Vec<Value> = Vec::new();
        for tag in &found.tags {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        variant[TAGS] = Value::Array(tags);
        if found.is_guessed {
            variant[GUESSED] = json!(true);
            if self.discriminator[SETTABLE] == json!(true) {
                variant[SETTABLE] = json!(true);
            }
        }
    }

    /// The tags of a variant, which does not count what it has from the schemas of `above`.
    pub fn find(&self, variant: &Value, above: &HashSet<String>) -> Found {
        let name = walk::referenced(variant);
        let mapped: Vec<&str> = self
            .mapping()
            .filter(|(value, target)| *value != DEFAULT_TARGET && name.is_some() && *target == name)
            .map(|(value, _)| value)
            .collect();
        let property = property(self.schemas, variant, self.property, &HashSet::new(), 0);
        if !mapped.is_empty() {
            let typed = mapped.iter().map(|text| self.typed(text, property));
            return Found::said(typed.collect());
        }
        let schema = resolved(self.schemas, variant);
        for keyword in ["x-ms-discriminator-value", "x-discriminator-value"] {
            match schema.get(keyword) {
                Some(Value::String(text)) => return Found::said(vec![self.typed(text, property)]),
                Some(value) if is_tag(value) => return Found::said(vec![value.clone()]),
                _ => {}
            }
        }
        let own = self::property(self.schemas, variant, self.property, above, 0);
        let own = own.map_or_else(Vec::new, |own| listed(self.schemas, own));
        if !own.is_empty() {
            return Found {
                tags: own,
                is_guessed: false,
                is_listed: true,
            };
        }
        let inherited = property.map_or_else(Vec::new, |found| listed(self.schemas, found));
        self.by_name(variant, Some(&inherited))
    }

    /// A variant's name as its tag, in the spelling of the listed values.
    fn by_name(&self, variant: &Value, listed: Option<&[Value]>) -> Found {
        let name =
            walk::referenced(variant).or_else(|| Some(variant["title"].as_str()?.to_owned()));
        let Some(name) = name.filter(|_| is_object(resolved(self.schemas, variant))) else {
            return Found::default();
        };
        let key = plain(&name);
        let mut values = listed.into_iter().flatten();
        let spelt = values.find(|value| value.as_str().is_some_and(|v| plain(v) == key));
        Found {
            is_guessed: spelt.is_none(),
            tags: vec![spelt.cloned().unwrap_or_else(|| json!(name))],
            is_listed: false,
        }
    }

    /// A value of the mapping in the type that the property has.
    fn typed(&self, text: &str, property: Option<&Value>) -> Value {
        let property = property.map(|property| resolved(self.schemas, property));
        let listed = property.map_or_else(Vec::new, |found| self::listed(self.schemas, found));
        let same = |value: &&Value| match value {
            Value::String(value) => value == text,
            Value::Number(number) => number.to_string() == text,
            Value::Bool(truth) => truth.to_string() == text,
            _ => false,
        };
        if let Some(value) = listed.iter().find(same) {
            return value.clone();
        }
        let kind = property.and_then(|property| property["type"].as_str());
        let numbers = self.discriminator[NUMBERS] == json!(true)
            && self
                .mapping()
                .all(|(value, _)| value == DEFAULT_TARGET || value.parse::<i64>().is_ok());
        match (kind, text.parse::<i64>(), text.parse::<bool>()) {
            (Some("integer" | "number"), Ok(number), _) => json!(number),
            (_, Ok(number), _) if numbers => json!(number),
            (Some("boolean"), _, Ok(truth)) => json!(truth),
            _ => json!(text),
        }
    }
}

/// The tags that were found for a variant.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The tags.
    pub tags: Vec<Value>,
    /// Whether the variant's name was taken because the document gives no value.
    pub is_guessed: bool,
    /// Whether they are the values that a property lists.
    is_listed: bool,
}

impl Found {
    /// Tags that the document gives.
    pub fn said(tags: Vec<Value>) -> Self {
        Self {
            tags,
            ..Self::default()
        }
    }
}

/// The variants whose property lists several values which another variant lists as well: they
/// are the values of all variants.
fn shared(found: &[Found]) -> HashSet<usize> {
    let repeats = |index: usize, own: &Found| {
        let mut others = found.iter().enumerate();
        own.is_listed
            && own.tags.len() > 1
            && others.any(|(other, found)| other != index && found.tags == own.tags)
    };
    let indexed = found.iter().enumerate();
    indexed
        .filter(|(index, own)| repeats(*index, own))
        .map(|(index, _)| index)
        .collect()
}

/// The component that a value of a mapping names, by reference, by name or by file.
fn component(target: &str, schemas: &walk::Object) -> Option<String> {
    let name = super::inheritance::target_name(target);
    if schemas.contains_key(&name) {
        return Some(name);
    }
    let stem = name.split('.').next().unwrap_or_default();
    if schemas.contains_key(stem) {
        return Some(stem.to_owned());
    }
    let mut names = schemas.keys();
    names
        .find(|known| known.eq_ignore_ascii_case(&name))
        .cloned()
}

/// A schema with its references followed.
pub fn resolved<'a>(schemas: &'a walk::Object, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..LONGEST {
        let parts = schema["allOf"].as_array().map(Vec::as_slice);
        let next = match parts {
            Some([only]) if schema.get("properties").is_none() => walk::referenced(only),
            _ => walk::referenced(schema),
        };
        match next.and_then(|name| schemas.get(&name)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// A property of a schema or of its parts, the schemas of `above` left out.
fn property<'a>(
    schemas: &'a walk::Object,
    schema: &'a Value,
    name: &str,
    above: &HashSet<String>,
    depth: usize,
) -> Option<&'a Value> {
    if depth > LONGEST {
        return None;
    }
    if let Some(target) = walk::referenced(schema) {
        let target = schemas.get(&target).filter(|_| !above.contains(&target))?;
        return property(schemas, target, name, above, depth + 1);
    }
    schema["properties"].get(name).or_else(|| {
        let mut parts = schema["allOf"].as_array()?.iter().rev();
        parts.find_map(|part| property(schemas, part, name, above, depth + 1))
    })
}

/// The values that a property may have, or its default.
pub fn listed(schemas: &walk::Object, property: &Value) -> Vec<Value> {
    let schema = resolved(schemas, property);
    let values = schema["enum"].as_array().cloned().unwrap_or_default();
    let values: Vec<Value> = values
        .into_iter()
        .filter(|value| !value.is_null())
        .collect();
    match values.is_empty() {
        false if values.iter().all(is_tag) => values,
        false => Vec::new(),
        true => {
            let default = property.get("default").or(schema.get("default"));
            default
                .filter(|value| is_tag(value))
                .cloned()
                .into_iter()
                .collect()
        }
    }
}

/// A name without regard to case and punctuation.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether a value can tell variants apart.
pub fn is_tag(value: &Value) -> bool {
    value.is_string() || value.is_i64() || value.is_boolean()
}

/// Whether a schema is an object, as far as it says.
pub fn is_object(schema: &Value) -> bool {
    match schema["type"].as_str() {
        Some(kind) => kind == "object",
        None => schema.get("items").is_none() && schema.get("enum").is_none(),
    }
}
