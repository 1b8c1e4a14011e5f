//! What real documents bend and everybody understands: numbers for versions, text for
//! truth values, null for what is not there, parts that are missing.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{Notes, openapi31::every_schema};
use crate::lower::walk::{METHODS, escape};

/// The outline that every later step relies on.
pub fn outline(document: &mut Value, notes: &mut Notes) {
    drop_nulls(document, "", 0);
    let Some(root) = document.as_object_mut() else {
        return;
    };
    if !root.get("info").is_some_and(Value::is_object) {
        notes.add("/info", "no `info`", "an untitled API");
        root.insert("info".to_owned(), json!({}));
    }
    if let Some(info) = root.get_mut("info").and_then(Value::as_object_mut) {
        for (key, missing) in [("title", "API"), ("version", "1.0")] {
            let text = match info.get(key) {
                Some(Value::String(_)) => continue,
                Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
                _ => missing.to_owned(),
            };
            notes.add(&format!("/info/{key}"), "no text", format!("`{text}`"));
            info.insert(key.to_owned(), json!(text));
        }
        if !info.get("description").is_some_and(Value::is_string) {
            info.remove("description");
        }
    }
    if !root.get("paths").is_some_and(Value::is_object) {
        root.insert("paths".to_owned(), json!({}));
    }
    if !root.get("components").is_none_or(Value::is_object) {
        root.remove("components");
    }
}

/// A key with null for a value is a key that is not there, except among data.
fn drop_nulls(value: &mut Value, key: &str, depth: usize) {
    if depth > crate::upgrade::DEEPEST + 8 {
        return;
    }
    match value {
        Value::Object(object) => {
            object.retain(|name, child| {
                !child.is_null() || matches!(name.as_str(), "const" | "default")
            });
            for (name, child) in object.iter_mut() {
                let data = matches!(
                    name.as_str(),
                    "example" | "examples" | "default" | "enum" | "const" | "value"
                );
                if !data || key == "properties" {
                    drop_nulls(child, name, depth + 1);
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| drop_nulls(item, key, depth + 1)),
        _ => {}
    }
}

/// What is outside of schemas.
pub fn repair(document: &mut Value, notes: &mut Notes) {
    for (path, item) in document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
    {
        let pointer = format!("/paths/{}", escape(path));
        parameters(&pointer, path, item, notes);
        for method in METHODS {
            let Some(operation) = item.get_mut(method).filter(|o| o.is_object()) else {
                continue;
            };
            let pointer = format!("{pointer}/{method}");
            parameters(&pointer, path, operation, notes);
            for key in ["summary", "description", "operationId"] {
                if operation.get(key).is_some_and(|text| !text.is_string())
                    && let Some(operation) = operation.as_object_mut()
                {
                    operation.remove(key);
                }
            }
            if operation.get("deprecated").is_some_and(|d| d == "true") {
                operation["deprecated"] = json!(true);
            }
            if let Some(body) = operation.get_mut("requestBody") {
                truth(body, "required");
            }
        }
    }
    let shared = document
        .get_mut("components")
        .and_then(|c| c.get_mut("parameters"))
        .and_then(Value::as_object_mut);
    for (_, parameter) in shared.into_iter().flatten() {
        truth(parameter, "required");
    }
}

fn parameters(pointer: &str, path: &str, holder: &mut Value, notes: &mut Notes) {
    for (index, parameter) in holder
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .enumerate()
    {
        place(
            &format!("{pointer}/parameters/{index}"),
            path,
            parameter,
            notes,
        );
        if truth(parameter, "required") {
            notes.add(
                &format!("{pointer}/parameters/{index}/required"),
                "text",
                "a truth value",
            );
        }
        truth(parameter, "explode");
        truth(parameter, "deprecated");
        truth(parameter, "allowReserved");
        let bare = parameter.get("type").is_some()
            && parameter.get("schema").is_none()
            && parameter.get("content").is_none();
        if bare && let Some(object) = parameter.as_object_mut() {
            // Swagger 2.0's way of typing a parameter, in a document of another version.
            let mut schema = Map::new();
            for keyword in ["type", "format", "items", "enum", "default"] {
                if let Some(value) = object.remove(keyword) {
                    schema.insert(keyword.to_owned(), value);
                }
            }
            object.insert("schema".to_owned(), Value::Object(schema));
            notes.add(
                &format!("{pointer}/parameters/{index}"),
                "a type beside the schema",
                "the schema",
            );
        }
    }
}

/// A parameter that does not say where it is sent: ASP.NET takes it from the path where
/// the path has it, and from the query otherwise; some names are those of headers.
fn place(pointer: &str, path: &str, parameter: &mut Value, notes: &mut Notes) {
    let known = parameter.get("in").is_some_and(Value::is_string);
    let Some(name) = parameter
        .get("name")
        .and_then(Value::as_str)
        .filter(|_| !known)
    else {
        return;
    };
    let header =
        ["accept", "content-type", "authorization"].contains(&name.to_lowercase().as_str());
    let place = if path.contains(&format!("{{{name}}}")) {
        "path"
    } else if header {
        "header"
    } else {
        "query"
    };
    parameter["in"] = json!(place);
    notes.add(
        pointer,
        "a parameter that does not say where it is sent",
        format!("in `{place}`"),
    );
}

/// `"true"` and `"false"` as truth values.
fn truth(holder: &mut Value, key: &str) -> bool {
    let Some(Value::String(text)) = holder.get(key) else {
        return false;
    };
    let value = text.eq_ignore_ascii_case("true");
    holder[key] = json!(value);
    true
}

/// What is in schemas.
pub fn schemas(document: &mut Value, notes: &mut Notes) {
    let names: HashSet<String> = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    every_schema(document, &mut |pointer, schema| {
        if !schema.is_object() {
            notes.add(pointer, "no schema", "any value");
            *schema = json!({});
        }
        for keyword in [
            "nullable",
            "readOnly",
            "writeOnly",
            "deprecated",
            "exclusiveMinimum",
            "exclusiveMaximum",
        ] {
            if truth(schema, keyword) {
                notes.add(&format!("{pointer}/{keyword}"), "text", "a truth value");
            }
        }
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        if let Some(name) = object
            .get("discriminator")
            .filter(|d| d.is_string())
            .cloned()
        {
            object.insert("discriminator".to_owned(), json!({"propertyName": name}));
            notes.add(&format!("{pointer}/discriminator"), "text", "an object");
        }
        if object.get("x-nullable") == Some(&json!(true)) {
            object.insert("nullable".to_owned(), json!(true));
        }
        for keyword in ["title", "description", "format"] {
            if object.get(keyword).is_some_and(|value| !value.is_string()) {
                object.remove(keyword);
            }
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            if object.get(keyword).is_some_and(|value| !value.is_array()) {
                object.remove(keyword);
            }
        }
        named_type(pointer, object, &names, notes);
        required(pointer, object, notes);
    });
}

/// A type that names a component is a reference to it.
fn named_type(
    pointer: &str,
    object: &mut Map<String, Value>,
    names: &HashSet<String>,
    notes: &mut Notes,
) {
    const TYPES: [&str; 7] = [
        "string", "number", "integer", "boolean", "array", "object", "file",
    ];
    let Some(name) = object
        .get("type")
        .and_then(Value::as_str)
        .map(str::to_owned)
    else {
        return;
    };
    if TYPES.contains(&name.as_str()) {
        return;
    }
    let lower = name.to_lowercase();
    if let Some(known) = TYPES.iter().find(|known| **known == lower) {
        object.insert("type".to_owned(), json!(known));
    } else if names.contains(&name) {
        object.remove("type");
        object.insert(
            "allOf".to_owned(),
            json!([{"$ref": crate::lower::walk::reference(&name)}]),
        );
        notes.add(
            pointer,
            format!("the type `{name}`"),
            "a reference to the schema of that name",
        );
        return;
    } else {
        let (kind, format) = match lower.as_str() {
            "int" | "int32" | "short" => ("integer", Some("int32")),
            "long" | "int64" => ("integer", Some("int64")),
            "float" | "double" => ("number", Some("double")),
            "decimal" => ("number", Some("decimal")),
            "bool" => ("boolean", None),
            "datetime" | "date-time" => ("string", Some("date-time")),
            "date" => ("string", Some("date")),
            "guid" | "uuid" => ("string", Some("uuid")),
            "text" | "char" | "uri" | "url" => ("string", None),
            "list" => ("array", None),
            _ => return,
        };
        object.insert("type".to_owned(), json!(kind));
        if let Some(format) = format {
            object.entry("format").or_insert(json!(format));
        }
    }
    notes.add(
        pointer,
        format!("the type `{name}`"),
        format!("`{}`", object["type"].as_str().unwrap_or_default()),
    );
}

/// `required: true` inside a property belongs in the list of the object around it.
fn required(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let mut names: Vec<Value> = Vec::new();
    for (name, property) in properties.iter_mut() {
        let Some(property) = property.as_object_mut() else {
            continue;
        };
        let said = property
            .get("required")
            .is_some_and(|r| r.is_boolean() || r.is_string());
        if said && let Some(value) = property.remove("required") {
            if value == json!(true) || value == json!("true") {
                names.push(json!(name));
            }
            notes.add(
                &format!("{pointer}/properties/{}", escape(name)),
                "`required` in a property",
                "`required` of the object",
            );
        }
    }
    if names.is_empty() {
        return;
    }
    let list = object.entry("required").or_insert_with(|| json!([]));
    if !list.is_array() {
        *list = json!([]);
    }
    if let Some(list) = list.as_array_mut() {
        for name in names {
            if !list.contains(&name) {
                list.push(name);
            }
        }
    }
}
