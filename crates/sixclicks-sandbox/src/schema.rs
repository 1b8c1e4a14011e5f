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
    each_part(root, schema, &mut |flat| {
        for kind in own_types(flat) {
            if !found.contains(&kind) {
                found.push(kind);
            }
        }
    });
    found
}

/// The schemas of the first items of a list, each for its place. Before JSON Schema 2020-12, they
/// are a list in the place of what all items are.
pub fn places(flat: &Map<String, Value>) -> &[Value] {
    let listed = flat.get("items").filter(|items| items.is_array());
    let places = flat.get("prefixItems").or(listed).and_then(Value::as_array);
    places.map_or(&[], Vec::as_slice)
}

/// What a schema says of values of one type, `array` or `object`: its own words and those of
/// all parts of its unions, of which several may describe the same member.
pub fn structure(root: &Value, schema: &Value, kind: &str) -> Map<String, Value> {
    let mut properties: Vec<(String, Vec<Value>)> = Vec::new();
    let mut others = ["items", "additionalProperties"].map(|keyword| (keyword, Vec::new()));
    each_part(root, schema, &mut |flat| {
        if !own_types(flat).iter().any(|own| own == kind) {
            return;
        }
        for (keyword, found) in &mut others {
            found.extend(flat.get(*keyword).cloned());
        }
        let own = flat.get("properties").and_then(Value::as_object);
        for (name, property) in own.into_iter().flatten() {
            match properties.iter_mut().find(|(known, _)| known == name) {
                Some((_, found)) => found.push(property.clone()),
                None => properties.push((name.clone(), vec![property.clone()])),
            }
        }
    });
    let mut whole = Map::new();
    for (keyword, found) in others {
        whole.extend(any_of(found).map(|schema| (keyword.to_owned(), schema)));
    }
    let named = properties.into_iter();
    let named = named.filter_map(|(name, found)| Some((name, any_of(found)?)));
    let named: Map<String, Value> = named.collect();
    if !named.is_empty() {
        whole.insert("properties".to_owned(), named.into());
    }
    whole
}

/// One schema for values of any of several.
fn any_of(schemas: Vec<Value>) -> Option<Value> {
    let mut known: Vec<Value> = Vec::new();
    for schema in schemas {
        if !known.contains(&schema) {
            known.push(schema);
        }
    }
    match known.len() {
        0 | 1 => known.pop(),
        _ => Some(serde_json::json!({"anyOf": known})),
    }
}

/// The types that the words of a schema itself name or imply.
fn own_types(flat: &Map<String, Value>) -> Vec<String> {
    match flat.get("type") {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => {
            let names = names.iter().filter_map(Value::as_str);
            names.map(str::to_owned).collect()
        }
        _ if flat.contains_key("properties") => vec!["object".to_owned()],
        _ if flat.contains_key("items") => vec!["array".to_owned()],
        _ => Vec::new(),
    }
}

/// Visits a schema and the parts of its unions, each once.
fn each_part(root: &Value, schema: &Value, visit: &mut dyn FnMut(&Map<String, Value>)) {
    let mut seen: Vec<String> = Vec::new();
    let mut open = vec![(schema.clone(), 0)];
    while let Some((given, depth)) = open.pop() {
        if let Some(reference) = given["$ref"].as_str() {
            if seen.iter().any(|known| known == reference) {
                continue;
            }
            seen.push(reference.to_owned());
        }
        let flat = flatten(root, &given);
        visit(&flat);
        let parts = ["anyOf", "oneOf"]
            .into_iter()
            .filter_map(|keyword| flat.get(keyword)?.as_array());
        if depth < LONGEST {
            let parts = parts.flatten().rev();
            open.extend(parts.map(|part| (part.clone(), depth + 1)));
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

/// The least and the greatest integer of a format, which are numbers that JSON can hold.
pub fn integers(flat: &Map<String, Value>) -> Option<(Value, Value)> {
    let (low, high): (i64, u64) = match flat.get("format")?.as_str()?.to_lowercase().as_str() {
        "int8" | "sbyte" => (i8::MIN.into(), i8::MAX as u64),
        "int16" => (i16::MIN.into(), i16::MAX as u64),
        "int32" => (i32::MIN.into(), i32::MAX as u64),
        "int64" => (i64::MIN, i64::MAX as u64),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" | "uint128" => (0, u64::MAX),
        _ => return None,
    };
    Some((low.into(), high.into()))
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

/// Whether `null` is the only value of a schema.
pub fn is_null(root: &Value, part: &Value) -> bool {
    let flat = flatten(root, part);
    let listed = flat.get("enum").and_then(Value::as_array);
    flat.get("type").is_some_and(|kind| kind == "null")
        || flat.get("const").is_some_and(Value::is_null)
        || listed.is_some_and(|listed| listed.iter().all(Value::is_null))
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
