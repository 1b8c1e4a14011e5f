//! The parts of what a document describes of which a value shows one or another: the values that
//! enums list, and the parts of unions.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{document::Document, schema, shape::Direction};

/// How deep schemas and values are looked into.
const DEEPEST: usize = 64;

/// How many parts a schema has at most.
const MOST: usize = 20_000;

/// A part that a value can show.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// A value that an enum lists.
    Value {
        /// The component, with the way from it to the enum.
        of: String,
        /// The value as JSON.
        value: String,
    },
    /// A part of a union.
    Variant {
        /// The component, with the way from it to the union.
        of: String,
        /// The name of the part, or its place.
        variant: String,
    },
    /// Text that may be any.
    Text,
}

impl Document {
    /// All parts of a schema that values in one direction can show.
    pub fn showable(&self, given: &Value, of: &str, direction: Direction) -> BTreeSet<Shown> {
        let mut walk = Walk::new(self, direction);
        walk.schema(given, None, of, 0);
        walk.found
    }

    /// The parts of a schema that a value shows.
    pub fn shown(
        &self,
        given: &Value,
        value: &Value,
        of: &str,
        direction: Direction,
    ) -> BTreeSet<Shown> {
        let mut walk = Walk::new(self, direction);
        walk.schema(given, Some(value), of, 0);
        walk.found
    }
}

struct Walk<'a> {
    document: &'a Document,
    direction: Direction,
    found: BTreeSet<Shown>,
    /// The components that were looked into, where there is no value that ends.
    known: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn new(document: &'a Document, direction: Direction) -> Self {
        Self {
            document,
            direction,
            found: BTreeSet::new(),
            known: BTreeSet::new(),
        }
    }

    fn schema(&mut self, given: &Value, value: Option<&Value>, of: &str, depth: usize) {
        if depth > DEEPEST || self.found.len() > MOST || value.is_some_and(Value::is_null) {
            return;
        }
        let root = &self.document.root;
        let reference = given["$ref"].as_str();
        let name = reference.map(schema::name_of);
        if let Some(name) = &name
            && value.is_none()
            && !self.known.insert(name.clone())
        {
            return;
        }
        let of = name.as_deref().unwrap_or(of);
        let flat = schema::flatten(root, given);
        if let Some(listed) = flat.get("enum").and_then(Value::as_array) {
            return self.listed(given, listed, value, of);
        }
        let parts = self.branches(&flat, reference);
        let fitting = value.map(|value| self.fitting(given, &parts, value));
        for (index, part) in parts.iter().enumerate() {
            if fitting.as_ref().is_some_and(|fitting| !fitting[index]) {
                continue;
            }
            let variant = match part["$ref"].as_str() {
                Some(reference) => schema::name_of(reference),
                None => (index + 1).to_string(),
            };
            let inner = format!("{of}/{variant}");
            if parts.len() > 1 {
                let of = of.to_owned();
                self.found.insert(Shown::Variant { of, variant });
            }
            self.schema(part, value, &inner, depth + 1);
        }
        if is_text(&flat) && value.is_none_or(Value::is_string) {
            self.found.insert(Shown::Text);
        }
        self.members(&flat, value, of, depth);
    }

    fn listed(&mut self, given: &Value, listed: &[Value], value: Option<&Value>, of: &str) {
        let shown = listed.iter().filter(|own| match value {
            Some(value) => *own == value,
            // What the rest of the schema forbids is never there.
            None => !own.is_null() && self.document.check(given, own).is_empty(),
        });
        let parts = shown.map(|own| Shown::Value {
            of: of.to_owned(),
            value: own.to_string(),
        });
        let parts: Vec<Shown> = parts.collect();
        self.found.extend(parts);
    }

    /// The parts of a union, or the types that extend a base.
    fn branches(&self, flat: &Map<String, Value>, reference: Option<&str>) -> Vec<Value> {
        let root = &self.document.root;
        let unions = ["oneOf", "anyOf"].into_iter();
        let parts = unions.filter_map(|keyword| flat.get(keyword)?.as_array());
        let parts = parts.flatten().filter(|part| !schema::is_null(root, part));
        let parts: Vec<Value> = parts.cloned().collect();
        let base = reference.filter(|_| flat.contains_key("discriminator") && parts.is_empty());
        match base {
            Some(base) => {
                let others = schema::subtypes(root, base).into_iter();
                others
                    .map(|other| serde_json::json!({"$ref": other}))
                    .collect()
            }
            None => parts,
        }
    }

    /// Which parts a value is.
    fn fitting(&self, given: &Value, parts: &[Value], value: &Value) -> Vec<bool> {
        let told = self.document.variants(given, value);
        parts
            .iter()
            .map(|part| match (&told, part["$ref"].as_str()) {
                (Some(told), Some(reference)) => told.fitting.contains(&schema::name_of(reference)),
                _ => self.document.check(part, value).is_empty(),
            })
            .collect()
    }

    fn members(
        &mut self,
        flat: &Map<String, Value>,
        value: Option<&Value>,
        of: &str,
        depth: usize,
    ) {
        let left_out = match self.direction {
            Direction::Request => "readOnly",
            Direction::Answer => "writeOnly",
        };
        let tag = schema::discriminator(flat);
        let properties = flat.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let inner = schema::flatten(&self.document.root, property);
            let member = value.map(|value| &value[name]);
            // A discriminator is no text at will.
            let is_tag = tag.as_ref().is_some_and(|(tag, _)| tag == name);
            if inner.get(left_out) != Some(&Value::Bool(true)) && !is_tag {
                self.schema(property, member, &format!("{of}/{name}"), depth + 1);
            }
        }
        for (index, place) in schema::places(flat).iter().enumerate() {
            let item = value.map(|value| &value[index]);
            self.schema(place, item, &format!("{of}/{index}"), depth + 1);
        }
        let tuple = schema::places(flat).len();
        for keyword in ["items", "additionalProperties"] {
            let Some(given) = flat.get(keyword).filter(|given| given.is_object()) else {
                continue;
            };
            let of = format!("{of}/*");
            match (keyword, value) {
                ("items", Some(Value::Array(items))) => {
                    for item in items.iter().skip(tuple) {
                        self.schema(given, Some(item), &of, depth + 1);
                    }
                }
                ("additionalProperties", Some(Value::Object(members))) => {
                    let named = |name: &String| properties.is_some_and(|p| p.contains_key(name));
                    for (_, member) in members.iter().filter(|(name, _)| !named(name)) {
                        self.schema(given, Some(member), &of, depth + 1);
                    }
                }
                (_, Some(_)) => {}
                (_, None) => self.schema(given, None, &of, depth + 1),
            }
        }
    }
}

/// Whether a schema is one of text about which nothing else is said.
fn is_text(flat: &Map<String, Value>) -> bool {
    const BOUND: [&str; 5] = ["format", "pattern", "const", "maxLength", "contentEncoding"];
    flat.get("type").is_some_and(|kind| kind == "string")
        && !BOUND.iter().any(|word| flat.contains_key(*word))
}
