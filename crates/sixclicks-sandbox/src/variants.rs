//! Which part of a union a value is, by what the document says: by its discriminator, or by
//! which parts the value is valid for.

use serde_json::Value;

use crate::{document::Document, schema};

/// The named parts of a union.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variants {
    /// The names of all components that the value may be.
    pub all: Vec<String>,
    /// The names of those that this value is.
    pub fitting: Vec<String>,
}

impl Document {
    /// The parts of a union, and those of them that a value is; `None` where the schema is no
    /// union, or where the document does not tell.
    pub fn variants(&self, given: &Value, value: &Value) -> Option<Variants> {
        let root = &self.root;
        let flat = schema::flatten(root, given);
        let parts = ["oneOf", "anyOf"].iter().find_map(|keyword| {
            let parts = flat.get(*keyword)?.as_array()?;
            let references = parts.iter().filter_map(|part| part["$ref"].as_str());
            Some(references.map(str::to_owned).collect::<Vec<_>>())
        });
        let base = given["$ref"].as_str();
        let parts = parts.or_else(|| {
            let base = base.filter(|_| flat.contains_key("discriminator"))?;
            let mut parts = schema::subtypes(root, base);
            parts.push(base.to_owned());
            Some(parts)
        })?;
        let all: Vec<String> = parts.iter().map(|part| schema::name_of(part)).collect();
        if all.len() < 2 {
            return None;
        }
        let fitting = match schema::discriminator(&flat) {
            Some((property, mapping)) => {
                let tag = value.get(&property)?;
                vec![self.tagged(&parts, &property, &mapping, tag)?]
            }
            None => parts
                .iter()
                .filter(|part| {
                    let part = serde_json::json!({"$ref": part});
                    self.rules.check(root, &part, value).is_empty()
                })
                .map(|part| schema::name_of(part))
                .collect(),
        };
        (!fitting.is_empty()).then_some(Variants { all, fitting })
    }

    /// The part that a discriminator's value tells.
    fn tagged(
        &self,
        parts: &[String],
        property: &str,
        mapping: &[(String, String)],
        tag: &Value,
    ) -> Option<String> {
        let text = match tag {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if let Some((_, target)) = mapping.iter().find(|(value, _)| *value == text) {
            return Some(schema::name_of(target));
        }
        let root = &self.root;
        let lists = |part: &&String| {
            let flat = schema::flatten(root, &serde_json::json!({"$ref": part}));
            let own = flat.get("properties").map(|known| &known[property]);
            let own = schema::flatten(root, own.unwrap_or(&Value::Null));
            let listed = own.get("enum").and_then(Value::as_array);
            own.get("const") == Some(tag) || listed.is_some_and(|listed| listed.contains(tag))
        };
        let listed: Vec<&String> = parts.iter().filter(lists).collect();
        match listed.as_slice() {
            [part] => Some(schema::name_of(part)),
            _ => parts
                .iter()
                .map(|part| schema::name_of(part))
                .find(|name| *name == text),
        }
    }

    /// Whether every value of a schema is of one type that is no object and no list, and
    /// which: nothing where it is a union or any value.
    pub fn scalar(&self, given: &Value) -> Option<String> {
        let flat = schema::flatten(&self.root, given);
        let union = ["oneOf", "anyOf"].iter().any(|key| flat.contains_key(*key));
        let mut types = schema::types(&self.root, given);
        types.retain(|kind| kind != "null");
        match types.as_slice() {
            [kind] if !union && kind != "object" && kind != "array" => Some(kind.clone()),
            _ => None,
        }
    }
}
