//! OpenAPI 3.1 and 3.2 as OpenAPI 3.0: JSON Schema's words in those that 3.0 has.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::Notes;
use crate::{
    ident,
    lower::walk::{self, METHODS, escape},
};

/// What is said outside of schemas.
pub fn document(document: &mut Value, notes: &mut Notes) {
    path_items(document, notes);
    let Some(root) = document.as_object_mut() else {
        return;
    };
    if root.remove("webhooks").is_some() {
        notes.add(
            "/webhooks",
            "webhooks",
            "nothing: a client does not answer them",
        );
    }
    root.remove("jsonSchemaDialect");
    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        components.remove("pathItems");
    }
    for (path, item) in root
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        let pointer = format!("/paths/{}", escape(path));
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        let mut others: Vec<String> = item
            .remove("additionalOperations")
            .and_then(|map| map.as_object().map(|map| map.keys().cloned().collect()))
            .unwrap_or_default();
        if item.remove("query").is_some() {
            others.push("QUERY".to_owned());
        }
        for method in others {
            notes.lose(
                &pointer,
                format!("the method `{method}`"),
                "nothing: OpenAPI 3.0 has no such method",
            );
        }
        for method in METHODS {
            let operation = item.get_mut(method);
            sequential(operation);
        }
    }
}

/// Path items that stand elsewhere are put where they are referred to.
fn path_items(document: &mut Value, notes: &mut Notes) {
    let referring: Vec<(String, String)> = document["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(path, item)| Some((path.clone(), item.get("$ref")?.as_str()?.to_owned())))
        .collect();
    for (path, target) in referring {
        let pointer = target.strip_prefix('#').unwrap_or_default();
        let decoded = percent_encoding::percent_decode_str(pointer)
            .decode_utf8_lossy()
            .into_owned();
        let found = document
            .pointer(pointer)
            .or_else(|| document.pointer(&decoded))
            .cloned();
        if let Some(found) = found.filter(|found| found.is_object() && found.get("$ref").is_none())
        {
            notes.add(
                &format!("/paths/{}", escape(&path)),
                "a reference to a path item",
                "the path item",
            );
            document["paths"][path.as_str()] = found;
        }
    }
}

/// `itemSchema` of 3.2: what a stream is made of is told by its media type; a schema of
/// the whole is not there.
fn sequential(operation: Option<&mut Value>) {
    let responses = operation
        .and_then(|o| o.get_mut("responses"))
        .and_then(Value::as_object_mut);
    for (_, response) in responses.into_iter().flatten() {
        for (_, media) in response
            .get_mut("content")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            if let Some(media) = media.as_object_mut() {
                media.remove("itemSchema");
            }
        }
    }
}

/// What is said in schemas.
pub fn schemas(document: &mut Value, notes: &mut Notes) {
    hoist_definitions(document, notes);
    let mut visit = |pointer: &str, schema: &mut Value| lower(pointer, schema, notes);
    every_schema(document, &mut visit);
}

/// Every schema, those of shared components included.
pub fn every_schema(document: &mut Value, f: &mut dyn FnMut(&str, &mut Value)) {
    let mut roots = |pointer: &str, schema: &mut Value| deep(schema, pointer, f, 0);
    walk::roots(document, &mut roots);
    let Some(components) = document
        .get_mut("components")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for kind in ["parameters", "requestBodies", "responses", "headers"] {
        let Some(members) = components.get_mut(kind).and_then(Value::as_object_mut) else {
            continue;
        };
        for (name, member) in members.iter_mut() {
            let pointer = format!("/components/{kind}/{}", escape(name));
            as_operation(kind, member, &mut |holder| {
                walk::operation_schemas(&pointer, holder, &mut roots)
            });
        }
    }
    for (path, item) in document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        let pointer = format!("/paths/{}", escape(path));
        walk::operation_schemas(&pointer, item, &mut roots);
    }
}

/// Holds a shared component as an operation would, so that its schemas can be visited.
fn as_operation(kind: &str, member: &mut Value, f: &mut dyn FnMut(&mut Value)) {
    let taken = member.take();
    let mut holder = match kind {
        "parameters" | "headers" => json!({"parameters": [taken]}),
        "requestBodies" => json!({"requestBody": taken}),
        _ => json!({"responses": {"200": taken}}),
    };
    f(&mut holder);
    *member = match kind {
        "parameters" | "headers" => holder["parameters"][0].take(),
        "requestBodies" => holder["requestBody"].take(),
        _ => holder["responses"]["200"].take(),
    };
}

/// Like [`walk::within`], before the words of 3.1 are gone.
fn deep(schema: &mut Value, pointer: &str, f: &mut dyn FnMut(&str, &mut Value), depth: usize) {
    if depth > crate::upgrade::DEEPEST {
        return;
    }
    if let Some(object) = schema.as_object_mut() {
        for keyword in [
            "properties",
            "patternProperties",
            "dependentSchemas",
            "$defs",
            "definitions",
        ] {
            for (name, child) in object
                .get_mut(keyword)
                .and_then(Value::as_object_mut)
                .into_iter()
                .flatten()
            {
                deep(
                    child,
                    &format!("{pointer}/{keyword}/{}", escape(name)),
                    f,
                    depth + 1,
                );
            }
        }
        for keyword in [
            "items",
            "additionalProperties",
            "not",
            "unevaluatedProperties",
            "if",
            "then",
            "else",
        ] {
            if let Some(child) = object.get_mut(keyword).filter(|child| !child.is_boolean()) {
                deep(child, &format!("{pointer}/{keyword}"), f, depth + 1);
            }
        }
        for keyword in ["allOf", "oneOf", "anyOf", "prefixItems"] {
            for (index, child) in object
                .get_mut(keyword)
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
                .enumerate()
            {
                deep(child, &format!("{pointer}/{keyword}/{index}"), f, depth + 1);
            }
        }
    }
    f(pointer, schema);
}

fn lower(pointer: &str, schema: &mut Value, notes: &mut Notes) {
    match schema {
        Value::Bool(true) => *schema = json!({}),
        Value::Bool(false) => *schema = json!({"not": {}}),
        _ => {}
    }
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    siblings(object);
    constant(object);
    lists(pointer, object, notes);
    maps(pointer, object, notes);
    conditions(pointer, object, notes);
    bounds(object);
    content(object);
    types(pointer, object, notes);
    for keyword in [
        "$id",
        "$anchor",
        "$dynamicAnchor",
        "$schema",
        "$comment",
        "$vocabulary",
    ] {
        object.remove(keyword);
    }
    if let Some(Value::Array(examples)) = object.get("examples") {
        if let Some(first) = examples.first().cloned() {
            object.entry("example").or_insert(first);
        }
        object.remove("examples");
    }
}

/// Beside a reference 3.0 says nothing; `allOf` of one says the same.
fn siblings(object: &mut Map<String, Value>) {
    const MATTER: [&str; 14] = [
        "nullable",
        "description",
        "deprecated",
        "readOnly",
        "writeOnly",
        "properties",
        "required",
        "type",
        "additionalProperties",
        "allOf",
        "oneOf",
        "anyOf",
        "enum",
        "title",
    ];
    if object.len() < 2 || !object.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    if !object
        .keys()
        .any(|keyword| MATTER.contains(&keyword.as_str()))
    {
        object.retain(|keyword, _| keyword == "$ref");
        return;
    }
    if let Some(target) = object.remove("$ref") {
        let mut parts = vec![json!({"$ref": target})];
        if let Some(Value::Array(more)) = object.remove("allOf") {
            parts.extend(more);
        }
        object.insert("allOf".to_owned(), Value::Array(parts));
    }
}

fn constant(object: &mut Map<String, Value>) {
    if let Some(value) = object.remove("const") {
        if value.is_null() {
            object.insert("x-null".to_owned(), json!(true));
            object.insert("nullable".to_owned(), json!(true));
            return;
        }
        let kind = match &value {
            Value::String(_) => "string",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::Array(_) => "array",
            _ => "object",
        };
        object.entry("type").or_insert(json!(kind));
        object.insert("enum".to_owned(), json!([value]));
    }
}

/// Tuples are lists of any of their members.
fn lists(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    let tuple = match (object.remove("prefixItems"), object.get("items")) {
        (Some(Value::Array(members)), _) => Some(members),
        (_, Some(Value::Array(_))) => match object.remove("items") {
            Some(Value::Array(members)) => Some(members),
            _ => None,
        },
        _ => None,
    };
    if let Some(mut members) = tuple {
        match object.remove("items") {
            Some(rest) if rest.is_object() && rest.get("not").is_none() => members.push(rest),
            Some(Value::Bool(false)) => {}
            Some(rest) if rest.get("not").is_some() => {}
            _ => {}
        }
        let items = if members.len() == 1 {
            members.remove(0)
        } else {
            json!({"anyOf": members})
        };
        object.insert("items".to_owned(), items);
        object.entry("type").or_insert(json!("array"));
        notes.add(pointer, "a tuple", "a list of its members");
    }
    if object.get("items").is_some_and(Value::is_boolean) {
        object.insert("items".to_owned(), json!({}));
    }
    for keyword in [
        "contains",
        "minContains",
        "maxContains",
        "unevaluatedItems",
        "additionalItems",
    ] {
        object.remove(keyword);
    }
}

/// Names of a shape are names of any shape.
fn maps(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    if let Some(Value::Object(patterns)) = object.remove("patternProperties") {
        let mut values: Vec<Value> = patterns.into_iter().map(|(_, schema)| schema).collect();
        match object.remove("additionalProperties") {
            Some(more) if more.is_object() && more.get("not").is_none() => values.push(more),
            Some(Value::Bool(true)) => values.push(json!({})),
            _ => {}
        }
        let values = if values.len() == 1 {
            values.remove(0)
        } else {
            json!({"anyOf": values})
        };
        object.insert("additionalProperties".to_owned(), values);
        object.entry("type").or_insert(json!("object"));
        notes.add(pointer, "`patternProperties`", "`additionalProperties`");
    }
    if object
        .get("additionalProperties")
        .is_some_and(|rest| rest.get("not").is_some_and(|n| n == &json!({})))
    {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    if let Some(rest) = object.remove("unevaluatedProperties")
        && rest.is_object()
        && rest.get("not").is_none()
    {
        object.entry("additionalProperties").or_insert(rest);
    }
    if object.remove("propertyNames").is_some() {
        notes.add(pointer, "`propertyNames`", "names of any kind");
    }
}

/// Conditions say when properties are there; without the condition they are optional.
fn conditions(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    let mut sides: Vec<Value> = ["then", "else"]
        .iter()
        .filter_map(|keyword| object.remove(*keyword))
        .collect();
    let mut conditional = object.remove("if").is_some();
    conditional |= object.remove("dependentRequired").is_some();
    if let Some(Value::Object(schemas)) = object.remove("dependentSchemas") {
        conditional = true;
        sides.extend(schemas.into_iter().map(|(_, schema)| schema));
    }
    for side in sides {
        let Some(Value::Object(properties)) = side.get("properties").cloned() else {
            continue;
        };
        let own = object.entry("properties").or_insert_with(|| json!({}));
        if let Some(own) = own.as_object_mut() {
            for (name, property) in properties {
                own.entry(name).or_insert(property);
            }
        }
    }
    if conditional {
        notes.add(pointer, "a condition", "optional properties");
    }
}

fn bounds(object: &mut Map<String, Value>) {
    for (exclusive, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if let Some(value) = object
            .get(exclusive)
            .filter(|value| value.is_number())
            .cloned()
        {
            object.insert(bound.to_owned(), value);
            object.insert(exclusive.to_owned(), json!(true));
        }
    }
}

fn content(object: &mut Map<String, Value>) {
    let encoding = object.remove("contentEncoding");
    let media = object
        .get("contentMediaType")
        .and_then(Value::as_str)
        .map(str::to_owned);
    object.remove("contentSchema");
    match (encoding.as_ref().and_then(Value::as_str), media.as_deref()) {
        (Some("base64" | "base64url"), _) => {
            object.insert("format".to_owned(), json!("byte"));
            object.entry("type").or_insert(json!("string"));
        }
        (None | Some("binary"), Some(name))
            if !name.contains("json") && !name.starts_with("text/") =>
        {
            object.insert("format".to_owned(), json!("binary"));
            object.entry("type").or_insert(json!("string"));
        }
        _ => {}
    }
}

/// A list of types is one type, nullable or not, or a union.
fn types(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    if object.get("type") == Some(&json!("null")) {
        object.remove("type");
        object.insert("nullable".to_owned(), json!(true));
        object.insert("x-null".to_owned(), json!(true));
        object.insert("enum".to_owned(), json!([null]));
        return;
    }
    let Some(Value::Array(list)) = object.get("type").cloned() else {
        return;
    };
    let mut kinds: Vec<Value> = Vec::new();
    for kind in list {
        if kind == "null" {
            object.insert("nullable".to_owned(), json!(true));
        } else if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    // Every integer is a number, in JSON and in Rust.
    if kinds.contains(&json!("number")) {
        kinds.retain(|kind| kind != "integer");
    }
    object.remove("type");
    match kinds.len() {
        0 => {
            object.insert("x-null".to_owned(), json!(true));
            object.insert("enum".to_owned(), json!([null]));
        }
        1 => {
            object.insert("type".to_owned(), kinds.remove(0));
        }
        6 => {}
        _ => {
            let names: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            notes.add(
                pointer,
                format!("the types {}", names.join(", ")),
                "a union",
            );
            let values = object.remove("enum");
            let variants: Vec<Value> = kinds
                .iter()
                .filter_map(|kind| variant(kind, object, values.as_ref()))
                .collect();
            for keyword in OWNED.iter().flat_map(|(_, keywords)| keywords.iter()) {
                object.remove(*keyword);
            }
            object.insert("anyOf".to_owned(), Value::Array(variants));
        }
    }
}

/// The keywords that belong to one type.
const OWNED: [(&str, &[&str]); 5] = [
    (
        "string",
        &["minLength", "maxLength", "pattern", "contentMediaType"],
    ),
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
        ],
    ),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    (
        "integer",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "format",
        ],
    ),
    (
        "number",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "format",
        ],
    ),
];

fn variant(kind: &Value, object: &Map<String, Value>, values: Option<&Value>) -> Option<Value> {
    let name = kind.as_str()?;
    let mut variant = json!({"type": name});
    let keywords = OWNED
        .iter()
        .find(|(owner, _)| *owner == name)
        .map_or(&[][..], |(_, keywords)| *keywords);
    for keyword in keywords {
        if let Some(value) = object.get(*keyword) {
            variant[*keyword] = value.clone();
        }
    }
    // The format of a text that may be a number as well is that of the number.
    if name == "string"
        && !object.contains_key("pattern")
        && let Some(format) = object.get("format")
        && !["int32", "int64", "double", "float"]
            .iter()
            .any(|numeric| format == numeric)
    {
        variant["format"] = format.clone();
    }
    if let Some(Value::Array(values)) = values {
        let own: Vec<&Value> = values
            .iter()
            .filter(|value| match name {
                "string" => value.is_string(),
                "integer" => value.is_i64(),
                "number" => value.is_number(),
                "boolean" => value.is_boolean(),
                "array" => value.is_array(),
                _ => value.is_object(),
            })
            .collect();
        if own.is_empty() {
            return None;
        }
        variant["enum"] = json!(own);
    }
    Some(variant)
}

/// Definitions inside schemas become components; references to them follow.
fn hoist_definitions(document: &mut Value, notes: &mut Notes) {
    let mut taken: HashSet<String> = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.to_lowercase().replace('_', ""))
        .collect();
    for _ in 0..8 {
        let mut moved: Vec<(String, String, Value)> = Vec::new();
        every_schema(document, &mut |pointer, schema| {
            for keyword in ["$defs", "definitions"] {
                let Some(Value::Object(definitions)) =
                    schema.as_object_mut().and_then(|o| o.remove(keyword))
                else {
                    continue;
                };
                for (name, definition) in definitions {
                    let rust = ident::unique(ident::type_name(&name), &mut taken);
                    let from = format!("#{pointer}/{keyword}/{}", escape(&name));
                    // The schema itself may call its definitions by a pointer of its own.
                    rename(
                        schema,
                        &format!("#/{keyword}/{}", escape(&name)),
                        &walk::reference(&rust),
                    );
                    notes.add(
                        pointer,
                        format!("`{name}` in `{keyword}`"),
                        format!("the component `{rust}`"),
                    );
                    moved.push((from, rust, definition));
                }
            }
        });
        if moved.is_empty() {
            return;
        }
        for (from, name, mut definition) in moved {
            let to = walk::reference(&name);
            rename(document, &from, &to);
            for keyword in ["$defs", "definitions"] {
                rename_siblings(&mut definition, keyword, document);
            }
            document["components"]["schemas"][name.as_str()] = definition;
        }
    }
}

/// A definition that calls another one of the same list by `#/$defs/…`.
fn rename_siblings(value: &mut Value, keyword: &str, document: &Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(target)) = object.get_mut("$ref")
                && let Some(name) = target.strip_prefix(&format!("#/{keyword}/"))
                && document.pointer(&target[1..]).is_none()
            {
                *target = walk::reference(&ident::type_name(&walk::unescape(name)));
            }
            object
                .values_mut()
                .for_each(|child| rename_siblings(child, keyword, document));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rename_siblings(item, keyword, document)),
        _ => {}
    }
}

/// Makes every reference to one place a reference to another.
fn rename(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(target)) = object.get_mut("$ref") {
                if target == from {
                    *target = to.to_owned();
                } else if let Some(rest) = target
                    .strip_prefix(from)
                    .filter(|rest| rest.starts_with('/'))
                {
                    *target = format!("{to}{rest}");
                }
            }
            object
                .values_mut()
                .for_each(|child| rename(child, from, to));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        _ => {}
    }
}
