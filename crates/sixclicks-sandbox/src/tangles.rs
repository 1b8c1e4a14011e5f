//! What keeps a document from being read at all, by whatever reading: references to where
//! definitions were before OpenAPI 3, requirements in a circle, enums of lists that list what is in
//! them, and unions of types that extend the union itself. What stands beside a reference is taken
//! out where it says nothing.

use serde_json::{Map, Value};

use crate::{circles, schema};

/// Rewrites what is tangled, and nothing else.
pub fn undo(root: &mut Value) {
    move_references(root);
    if is_early(root) {
        visit(root, &mut alone);
    }
    visit(root, &mut enum_of_items);
    circles::open(root);
    let unions = unions(root);
    let names = root["components"]["schemas"].as_object().into_iter();
    let names: Vec<String> = names.flatten().map(|(name, _)| name.clone()).collect();
    for name in names {
        let parts = root["components"]["schemas"][&name]["allOf"].as_array_mut();
        for part in parts.into_iter().flatten() {
            let base = part["$ref"].as_str().and_then(|base| unions.get(base));
            if let Some(base) = base {
                *part = base.clone();
            }
        }
    }
}

/// Whether a reference stands for itself alone, as before OpenAPI 3.1.
fn is_early(root: &Value) -> bool {
    let version = root["openapi"].as_str().unwrap_or_default();
    root.get("swagger").is_some() || version.starts_with("3.0")
}

/// Takes out the words of schemas beside a reference. Properties stay, which whoever writes them
/// there means, as do notes, and whether the value may be `null` or goes one way alone.
fn alone(fields: &mut Map<String, Value>) {
    const SAYS_NOTHING: [&str; 22] = [
        "type",
        "format",
        "enum",
        "const",
        "items",
        "additionalProperties",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "discriminator",
        "multipleOf",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "uniqueItems",
    ];
    if fields.len() < 2 || !fields.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    let properties = fields.get("properties").and_then(Value::as_object);
    if properties.is_none_or(Map::is_empty) {
        fields.remove("properties");
        fields.remove("required");
    }
    fields.retain(|name, _| !SAYS_NOTHING.contains(&name.as_str()));
}

/// Texts in the enum of a list are what its items may be.
fn enum_of_items(fields: &mut Map<String, Value>) {
    let listed = fields.get("enum").and_then(Value::as_array);
    let of_lists = listed.is_none_or(|listed| listed.iter().any(Value::is_array));
    if of_lists || fields.get("type").is_none_or(|kind| kind != "array") {
        return;
    }
    let listed = fields.remove("enum");
    if let (Some(Value::Object(items)), Some(listed)) = (fields.get_mut("items"), listed) {
        items.entry("enum").or_insert(listed);
    }
}

/// `#/definitions/…` in a document that has none means its components.
fn move_references(root: &mut Value) {
    if root.get("swagger").is_some() || root.get("definitions").is_some() {
        return;
    }
    visit(root, &mut |fields| {
        if let Some(Value::String(reference)) = fields.get_mut("$ref")
            && let Some(name) = reference.strip_prefix("#/definitions/")
        {
            *reference = format!("#/components/schemas/{name}");
        }
    });
}

fn visit(value: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, change)),
        Value::Object(fields) => {
            change(fields);
            fields.values_mut().for_each(|field| visit(field, change));
        }
        _ => {}
    }
}

/// The components that are unions of types which extend them, by their references: each as
/// the base that is extended.
fn unions(root: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    let schemas = root["components"]["schemas"].as_object();
    for (name, union) in schemas.into_iter().flatten() {
        let own = format!("#/components/schemas/{name}");
        let parts = ["oneOf", "anyOf"].map(|keyword| union[keyword].as_array());
        let extends = |part: &Value| {
            let extended = schema::follow(root, part)["allOf"].as_array();
            let mut extended = extended.into_iter().flatten();
            extended.any(|base| base["$ref"] == own.as_str())
        };
        if parts.into_iter().flatten().flatten().any(extends) {
            let mut base = union.clone();
            if let Some(base) = base.as_object_mut() {
                base.retain(|keyword, _| {
                    !matches!(keyword.as_str(), "oneOf" | "anyOf" | "discriminator")
                });
            }
            found.insert(own, base);
        }
    }
    found
}
