//! How many turns it takes until every listed value and every part of a union was there.

use serde_json::Value;

use crate::{document::Document, schema};

/// How deep values are looked into.
const DEEP: usize = 4;

impl Document {
    /// How many turns a schema has (see `Shape::turn`), of which there are at most `most`.
    pub fn turns(&self, given: &Value, most: u64) -> u64 {
        self.within(given, 0, most, &mut Vec::new()).clamp(1, most)
    }

    fn within(&self, given: &Value, depth: usize, most: u64, above: &mut Vec<String>) -> u64 {
        let root = &self.root;
        let reference = given["$ref"].as_str();
        if depth > DEEP || reference.is_some_and(|name| above.iter().any(|known| known == name)) {
            return 1;
        }
        above.extend(reference.map(str::to_owned));
        let flat = schema::flatten(root, given);
        let mut parts: Vec<Value> = ["oneOf", "anyOf"]
            .iter()
            .filter_map(|keyword| flat.get(*keyword)?.as_array())
            .flatten()
            .filter(|part| !schema::is_null(root, part))
            .cloned()
            .collect();
        if let Some(own) =
            reference.filter(|_| flat.contains_key("discriminator") && parts.is_empty())
        {
            let others = schema::subtypes(root, own).into_iter();
            parts.extend(others.map(|other| serde_json::json!({"$ref": other})));
        }
        let listed = flat
            .get("enum")
            .and_then(Value::as_array)
            .map_or(1, Vec::len);
        let members = flat.get("properties").and_then(Value::as_object);
        let members = members.into_iter().flat_map(|members| members.values());
        let others = ["items", "additionalProperties"];
        let others = others.into_iter().filter_map(|keyword| flat.get(keyword));
        let mut widest = listed as u64;
        for member in members.chain(others) {
            widest = widest.max(self.within(member, depth + 1, most, above));
        }
        let inner = parts
            .iter()
            .map(|part| self.within(part, depth + 1, most, above));
        let inner = inner.max().unwrap_or(1);
        widest = widest
            .max(inner.saturating_mul(parts.len() as u64))
            .min(most);
        if reference.is_some() {
            above.pop();
        }
        widest
    }
}
