//! Parts put together: references followed, a union among the parts multiplied out.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{
    defines,
    object::{add, is_object, require, requirements},
};
use crate::lower::{unions::add_tags, walk};

/// How deep parts may refer to schemas that are put together themselves.
const DEEPEST: usize = 32;
/// How many variants a product of unions may have.
const MOST_PRODUCTS: usize = 256;

/// Keywords that describe rather than define.
const ANNOTATIONS: [&str; 12] = [
    "description",
    "title",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "examples",
    "default",
    "externalDocs",
    "xml",
    "discriminator",
];

pub(super) struct Merger {
    sources: walk::Object,
    /// Components whose parts have been put together already.
    merged: HashMap<String, Value>,
    /// Whether a union was left out since the last question.
    dropped: bool,
}

impl Merger {
    pub fn new(sources: walk::Object) -> Self {
        Self {
            sources,
            merged: HashMap::new(),
            dropped: false,
        }
    }

    /// Whether unions were left out, which have too many variants together.
    pub fn take_dropped(&mut self) -> bool {
        std::mem::take(&mut self.dropped)
    }

    /// The schema without `allOf`, or as `allOf` of one reference beside annotations.
    pub fn flat(&mut self, schema: &Value, depth: usize) -> Value {
        let mut annotations = json!({});
        let mut own = json!({});
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            if keyword == "allOf" {
                continue;
            }
            let side = if ANNOTATIONS.contains(&keyword.as_str()) {
                &mut annotations
            } else {
                &mut own
            };
            side[keyword.as_str()] = value.clone();
        }
        let mut parts: Vec<Value> = schema["allOf"].as_array().cloned().unwrap_or_default();
        parts.push(own);
        parts.retain(|part| {
            if defines(part) {
                return true;
            }
            for keyword in ["description", "nullable", "title"] {
                if annotations.get(keyword).is_none()
                    && let Some(value) = part.get(keyword)
                {
                    annotations[keyword] = value.clone();
                }
            }
            false
        });
        let required = requirements(schema);
        let mut result = match parts.len() {
            0 => json!({}),
            1 => {
                let part = parts.remove(0);
                match walk::referenced(&part) {
                    Some(_) if required.is_empty() => {
                        if annotations
                            .as_object()
                            .is_some_and(serde_json::Map::is_empty)
                        {
                            return json!({"$ref": part["$ref"]});
                        }
                        json!({"allOf": [{"$ref": part["$ref"]}]})
                    }
                    Some(_) => self.resolved(&part, depth),
                    None if part.get("allOf").is_some() => self.flat(&part, depth),
                    // Properties beside a union belong to every variant.
                    None if part.get("properties").is_some() && Union::of(&part).is_some() => {
                        self.together(&[part], depth)
                    }
                    None => part,
                }
            }
            _ => self.together(&parts, depth),
        };
        if !required.is_empty() && result.get("properties").is_some() {
            require(&mut result, &required);
        }
        for (keyword, value) in annotations.as_object().into_iter().flatten() {
            result[keyword.as_str()] = value.clone();
        }
        result
    }

    /// A part with its references followed and its own parts put together.
    fn resolved(&mut self, part: &Value, depth: usize) -> Value {
        if depth > DEEPEST {
            return json!({});
        }
        let Some(name) = walk::referenced(part) else {
            return if part.get("allOf").is_some() {
                self.flat(part, depth + 1)
            } else {
                part.clone()
            };
        };
        if let Some(known) = self.merged.get(&name) {
            return known.clone();
        }
        // Until it is done, a schema that contains itself adds nothing to itself.
        self.merged.insert(name.clone(), json!({}));
        let source = self.sources.get(&name).cloned().unwrap_or_default();
        let mut result = if source.get("$ref").is_some() {
            self.resolved(&source, depth + 1)
        } else if source.get("allOf").is_some() {
            self.flat(&source, depth + 1)
        } else {
            source
        };
        // What is only another schema is what that one is.
        let only = match walk::referenced(&result) {
            Some(_) => Some(result.clone()),
            None => result["allOf"].get(0).cloned(),
        };
        if let Some(only) = only {
            result = self.resolved(&only, depth + 1);
        }
        self.merged.insert(name, result.clone());
        result
    }

    /// Several parts as one schema.
    fn together(&mut self, parts: &[Value], depth: usize) -> Value {
        let mut result = json!({});
        let mut unions = Vec::new();
        for part in parts {
            let mut resolved = self.resolved(part, depth);
            if let Some(union) = Union::take(&mut resolved) {
                unions.push(union);
                if defines(&resolved) {
                    self.add(&mut result, resolved, depth);
                }
            } else if is_object(&resolved) {
                self.add(&mut result, resolved, depth);
            } else if defines(&resolved)
                && (!defines(&result) || resolved.get("enum").is_some() && !is_object(&result))
            {
                result = part.clone();
            }
        }
        match unions.as_slice() {
            [] => result,
            [only] if !defines(&result) => only.schema(only.variants.clone()),
            _ => self.products(result, &unions, depth),
        }
    }

    /// Adds an object's properties to another's. A property that both have is all that either
    /// says of it.
    fn add(&mut self, into: &mut Value, mut part: Value, depth: usize) {
        for (name, property) in part["properties"].as_object_mut().into_iter().flatten() {
            let known = into["properties"].get(name);
            if let Some(both) = known.and_then(|known| self.both(known, property, depth)) {
                *property = both;
            }
        }
        add(into, part);
    }

    /// A property by two definitions, where the later one leaves out what the earlier one has.
    fn both(&mut self, known: &Value, property: &Value, depth: usize) -> Option<Value> {
        if depth > DEEPEST || known == property {
            return None;
        }
        let mut merged = self.resolved(known, depth + 1);
        let later = self.resolved(property, depth + 1);
        let has_all = |a: &Value, b: &Value| {
            let mut names = b["properties"].as_object()?.keys();
            let all = a["properties"].as_object()?;
            Some(names.all(|name| all.contains_key(name)))
        };
        if has_all(&later, &merged)? {
            return None;
        }
        if has_all(&merged, &later)? {
            return Some(known.clone());
        }
        self.add(&mut merged, later, depth + DEEPEST / 4);
        Some(merged)
    }

    /// What all parts share, once for every choice of a variant of each union.
    fn products(&mut self, shared: Value, unions: &[Union], depth: usize) -> Value {
        let mut products = vec![shared];
        for union in unions {
            if products.len() * union.variants.len() > MOST_PRODUCTS {
                self.dropped = true;
                continue;
            }
            let mut next = Vec::with_capacity(products.len() * union.variants.len());
            for product in products {
                for variant in &union.variants {
                    let mut both = product.clone();
                    let names = [both["title"].as_str(), name(variant).as_deref()]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join(" ");
                    let resolved = self.resolved(variant, depth + 1);
                    self.add(&mut both, resolved, depth);
                    if !names.is_empty() {
                        both["title"] = json!(names);
                    }
                    add_tags(&mut both, variant);
                    next.push(both);
                }
            }
            products = next;
        }
        match unions {
            [only] => only.schema(products),
            _ if unions.iter().all(|union| union.keyword == "oneOf") => json!({"oneOf": products}),
            _ => json!({"anyOf": products}),
        }
    }
}

/// A union among the parts.
struct Union {
    keyword: &'static str,
    variants: Vec<Value>,
    discriminator: Option<Value>,
}

impl Union {
    /// The keyword of a schema's union.
    fn of(schema: &Value) -> Option<&'static str> {
        ["oneOf", "anyOf"]
            .into_iter()
            .find(|keyword| schema.get(*keyword).is_some_and(Value::is_array))
    }

    /// Takes a schema's union out of it.
    fn take(schema: &mut Value) -> Option<Self> {
        let keyword = Self::of(schema)?;
        let schema = schema.as_object_mut()?;
        let Some(Value::Array(variants)) = schema.remove(keyword) else {
            return None;
        };
        Some(Self {
            keyword,
            variants,
            discriminator: schema.remove("discriminator"),
        })
    }

    /// The union with these variants in the place of its own.
    fn schema(&self, variants: Vec<Value>) -> Value {
        let mut schema = json!({self.keyword: variants});
        if let Some(discriminator) = &self.discriminator {
            schema["discriminator"] = discriminator.clone();
        }
        schema
    }
}

/// What a variant is called.
fn name(variant: &Value) -> Option<String> {
    walk::referenced(variant).or_else(|| variant["title"].as_str().map(str::to_owned))
}
