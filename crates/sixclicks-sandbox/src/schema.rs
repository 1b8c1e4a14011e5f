//! Reading schemas as the document has them: references, what `allOf` adds up to, and which
//! types a value may have.

use serde_json::{Map, Value};

/// How many references are followed before a schema is given up.
pub const LONGEST: usize = 32;

/// The types that JSON Schema knows.
pub const TYPES: [&str; 7] = [
    "null", "boolean", "integer", "number", "string", "array", "object",
];

/// Whether this is a type: `file` is one of Swagger 2.0.
fn is_type(name: &str) -> bool {
    name == "file" || TYPES.contains(&name)
}

/// The pointer of a local reference.
pub fn pointer(reference: &str) -> Option<String> {
    let pointer = reference.strip_prefix('#')?;
    let decoded = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
    Some(decoded.into_owned())
}

/// What a local reference (`#/…`) points to.
pub fn target<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    let decoded = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
    root.pointer(&decoded).or_else(|| root.pointer(pointer))
}

/// A schema, or anything else that may be a reference, with its references followed.
pub fn follow<'a>(root: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..LONGEST {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            break;
        };
        match target(root, reference) {
            Some(found) => value = found,
            None => break,
        }
    }
    value
}

/// The last piece of a reference, decoded.
pub fn name_of(reference: &str) -> String {
    let last = reference.rsplit('/').next().unwrap_or_default();
    percent_encoding::percent_decode_str(last)
        .decode_utf8_lossy()
        .replace("~1", "/")
        .replace("~0", "~")
}

/// A schema with its references followed and its `allOf` put together.
pub fn flatten(root: &Value, schema: &Value) -> Map<String, Value> {
    let mut flat = Map::new();
    merge(root, schema, &mut flat, 0);
    flat
}

fn merge(root: &Value, schema: &Value, flat: &mut Map<String, Value>, depth: usize) {
    let Some(own) = schema.as_object() else {
        return;
    };
    if depth > LONGEST {
        return;
    }
    if let Some(reference) = own.get("$ref").and_then(Value::as_str)
        && let Some(found) = target(root, reference)
    {
        merge(root, found, flat, depth + 1);
    }
    for part in own
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        merge(root, part, flat, depth + 1);
    }
    for (keyword, value) in own {
        match (keyword.as_str(), flat.get_mut(keyword), value) {
            ("$ref" | "allOf", _, _) => {}
            // What is no type says nothing, least of all beside a reference.
            ("type", _, Value::String(name)) if !is_type(name) => {}
            (
                "properties" | "patternProperties",
                Some(Value::Object(known)),
                Value::Object(more),
            ) => {
                known.extend(more.clone());
            }
            ("required", Some(Value::Array(known)), Value::Array(more)) => {
                known.extend(more.iter().cloned());
            }
            _ => {
                flat.insert(keyword.clone(), value.clone());
            }
        }
    }
}

/// The types that a value may have, also through `oneOf` and `anyOf`; empty for any.
pub fn types(root: &Value, schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_types(root, schema, &mut found, 0);
    found
}

fn collect_types(root: &Value, schema: &Value, found: &mut Vec<String>, depth: usize) {
    if depth > 8 {
        return;
    }
    let flat = flatten(root, schema);
    match flat.get("type") {
        Some(Value::String(name)) => found.push(name.clone()),
        Some(Value::Array(names)) => {
            found.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        _ if flat.contains_key("properties") => found.push("object".to_owned()),
        _ if flat.contains_key("items") => found.push("array".to_owned()),
        _ => {}
    }
    for keyword in ["oneOf", "anyOf"] {
        for part in flat
            .get(keyword)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            collect_types(root, part, found, depth + 1);
        }
    }
}

/// Whether a value may be of a type.
pub fn may_be(root: &Value, schema: &Value, kind: &str) -> bool {
    types(root, schema).iter().any(|name| name == kind)
}

/// Whether an enum lists values of the type that stands beside it.
pub fn lists(schema: &Map<String, Value>, listed: &Value) -> bool {
    let number = match schema.get("type") {
        Some(Value::String(kind)) => kind == "integer" || kind == "number",
        _ => false,
    };
    let mut listed = listed.as_array().into_iter().flatten();
    !number || listed.any(|value| !value.is_string())
}

/// Whether a schema stands for bytes.
pub fn is_binary(root: &Value, schema: &Value) -> bool {
    let flat = flatten(root, schema);
    flat.get("type").is_some_and(|kind| kind == "file")
        || flat.get("format").is_some_and(|format| format == "binary")
}

/// Whether `null` is among a schema's values.
pub fn is_nullable(flat: &Map<String, Value>) -> bool {
    let yes = |keyword: &str| flat.get(keyword) == Some(&Value::Bool(true));
    yes("nullable")
        || yes("x-nullable")
        || flat
            .get("type")
            .and_then(Value::as_array)
            .is_some_and(|names| names.iter().any(|name| name == "null"))
}

/// The components that extend a base by `allOf`, by their references.
pub fn subtypes(root: &Value, base: &str) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["/components/schemas", "/definitions"] {
        let schemas = root.pointer(folder).and_then(Value::as_object);
        for (name, schema) in schemas.into_iter().flatten() {
            let extends = schema["allOf"]
                .as_array()
                .is_some_and(|parts| parts.iter().any(|part| part["$ref"] == base));
            if extends {
                let name = name.replace('~', "~0").replace('/', "~1");
                found.push(format!("#{folder}/{name}"));
            }
        }
    }
    found
}

/// The property and the values by which a discriminator tells, each with its schema.
/// Swagger 2.0 writes the property alone.
pub fn discriminator(flat: &Map<String, Value>) -> Option<(String, Vec<(String, String)>)> {
    let found = flat.get("discriminator")?;
    if let Some(property) = found.as_str() {
        return Some((property.to_owned(), Vec::new()));
    }
    let property = found["propertyName"].as_str()?.to_owned();
    let mapping = found["mapping"].as_object();
    let pairs = mapping
        .into_iter()
        .flatten()
        .filter_map(|(value, target)| {
            let target = target.as_str()?;
            let target = if target.contains('/') {
                target.to_owned()
            } else {
                format!("#/components/schemas/{target}")
            };
            Some((value.clone(), target))
        })
        .collect();
    Some((property, pairs))
}
