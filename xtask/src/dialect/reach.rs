//! Which components the responses of a document may hold, and which its requests.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::lower::walk;

/// Components by their names.
#[derive(Debug, Default)]
pub struct Reach {
    /// Those that responses hold.
    pub answered: BTreeSet<String>,
    /// Those that request bodies and parameters hold.
    pub sent: BTreeSet<String>,
}

impl Reach {
    /// What the operations of a document of OpenAPI 3.0 reach.
    pub fn of(document: &mut Value) -> Self {
        let mut held: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut reach = Self::default();
        walk::schemas(document, &mut |at, schema| {
            let targets = referenced(schema);
            let component = at
                .strip_prefix("/components/schemas/")
                .and_then(|rest| rest.split('/').next());
            match component {
                Some(name) => held
                    .entry(walk::unescape(name))
                    .or_default()
                    .extend(targets),
                None if at.contains("/responses/") => reach.answered.extend(targets),
                None => reach.sent.extend(targets),
            }
        });
        for part in ["responses", "headers"] {
            let shared = document.pointer(&format!("/components/{part}"));
            reach.answered.extend(shared.into_iter().flat_map(all));
        }
        for part in ["parameters", "requestBodies"] {
            let shared = document.pointer(&format!("/components/{part}"));
            reach.sent.extend(shared.into_iter().flat_map(all));
        }
        for names in [&mut reach.answered, &mut reach.sent] {
            let mut open: Vec<String> = names.iter().cloned().collect();
            while let Some(name) = open.pop() {
                for target in held.get(&name).into_iter().flatten() {
                    if names.insert(target.clone()) {
                        open.push(target.clone());
                    }
                }
            }
        }
        reach
    }
}

/// What a schema refers to itself, by reference or as a target of its discriminator.
fn referenced(schema: &Value) -> Vec<String> {
    let mapping = schema["discriminator"]["mapping"].as_object();
    let targets = mapping.into_iter().flat_map(|mapping| mapping.values());
    let targets = targets.filter_map(Value::as_str).map(|target| {
        let name = target.strip_prefix("#/components/schemas/");
        name.map_or_else(|| target.to_owned(), walk::unescape)
    });
    walk::referenced(schema)
        .into_iter()
        .chain(targets)
        .collect()
}

/// What a value refers to anywhere.
fn all(value: &Value) -> Vec<String> {
    let mut found = referenced(value);
    match value {
        Value::Object(members) => found.extend(members.values().flat_map(all)),
        Value::Array(items) => found.extend(items.iter().flat_map(all)),
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Reach;

    #[test]
    fn components_are_reached_through_others() {
        let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let content = |name: &str| json!({"application/json": {"schema": to(name)}});
        let mut document = json!({
            "paths": {"/a": {"post": {
                "requestBody": {"content": content("Asked")},
                "responses": {"200": {"content": content("Page")}, "400": {"$ref": "#/components/responses/Bad"}},
            }}},
            "components": {
                "responses": {"Bad": {"content": content("Problem")}},
                "schemas": {
                    "Page": {"properties": {"items": {"items": to("Item")}}},
                    "Item": {"discriminator": {"propertyName": "kind", "mapping": {"a": "#/components/schemas/Heir"}}},
                    "Heir": {"properties": {"next": to("Item")}},
                    "Asked": {"properties": {"both": to("Both")}},
                    "Both": {}, "Problem": {"properties": {"both": to("Both")}},
                    "Unused": {"properties": {"item": to("Item")}},
                },
            },
        });
        let reach = Reach::of(&mut document);
        let answered: Vec<&str> = reach.answered.iter().map(String::as_str).collect();
        assert_eq!(answered, ["Both", "Heir", "Item", "Page", "Problem"]);
        let sent: Vec<&str> = reach.sent.iter().map(String::as_str).collect();
        assert_eq!(sent, ["Asked", "Both"]);
    }
}
