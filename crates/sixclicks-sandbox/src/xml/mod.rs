//! XML as schemas describe it: objects are elements of elements or attributes, lists are
//! elements that stand several times, in one of their own where they are `wrapped`.

mod name;
mod read;
mod write;

pub use read::read;
pub use write::write;

use serde_json::{Map, Value, json};

use crate::schema;

/// The namespace of `xsi:nil`, which says that an element is `null`.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Whether a schema says which elements there are: one of text alone does not.
pub fn is_described(root: &Value, given: &Value) -> bool {
    let types = schema::types(root, given);
    types.iter().any(|kind| kind == "object" || kind == "array")
}

/// The properties that an object may have by a schema, by any part of a union and by what
/// extends it.
fn properties(root: &Value, given: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    gather(root, given, &mut found, 0);
    found
}

fn gather(root: &Value, given: &Value, found: &mut Map<String, Value>, depth: usize) {
    if depth > 8 {
        return;
    }
    let flat = schema::flatten(root, given);
    let own = flat.get("properties").and_then(Value::as_object);
    for (name, property) in own.into_iter().flatten() {
        match found.get_mut(name) {
            Some(known) if known == property => {}
            Some(known) => *known = json!({"anyOf": [known.take(), property]}),
            None => {
                found.insert(name.clone(), property.clone());
            }
        }
    }
    let parts = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| flat.get(key));
    for part in parts.filter_map(Value::as_array).flatten() {
        gather(root, part, found, depth + 1);
    }
    if let Some(reference) = given["$ref"].as_str()
        && flat.contains_key("discriminator")
    {
        for other in schema::subtypes(root, reference) {
            gather(root, &json!({"$ref": other}), found, depth + 1);
        }
    }
}

/// The schema of the items of a list.
fn items(root: &Value, given: &Value) -> Value {
    let mut flat = schema::flatten(root, given);
    flat.remove("items").unwrap_or_default()
}

/// The schema of the properties that have no schema of their own.
fn others(root: &Value, given: &Value) -> Value {
    let mut flat = schema::flatten(root, given);
    flat.remove("additionalProperties").unwrap_or_default()
}
