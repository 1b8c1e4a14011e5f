//! Visiting every schema of a document, wherever it stands: components, parameters,
//! bodies, responses, headers, and schemas inside schemas.

use serde_json::{Map, Value};

pub use crate::upgrade::pointer::{escape, unescape};

/// A JSON object.
pub type Object = Map<String, Value>;

/// The HTTP methods that a path item can hold.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Calls `f` for every schema, inner schemas before the ones that hold them.
pub fn schemas(document: &mut Value, f: &mut dyn FnMut(&str, &mut Value)) {
    roots(document, &mut |pointer, schema| within(schema, pointer, f));
}

/// Calls `f` for every schema that stands directly in the document: the components, and
/// the schemas of parameters, bodies, responses and headers.
pub fn roots(document: &mut Value, f: &mut dyn FnMut(&str, &mut Value)) {
    if let Some(components) = object_at(document, &["components", "schemas"]) {
        for (name, schema) in components.iter_mut() {
            f(&format!("/components/schemas/{}", escape(name)), schema);
        }
    }
    operations(document, &mut |pointer, _, _, operation| {
        operation_schemas(pointer, operation, f);
    });
}

/// Calls `f` for every operation, with its pointer, method and path.
pub fn operations(document: &mut Value, f: &mut dyn FnMut(&str, &str, &str, &mut Value)) {
    let Some(paths) = object_at(document, &["paths"]) else {
        return;
    };
    for (path, item) in paths.iter_mut() {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method).filter(|o| o.is_object()) {
                let pointer = format!("/paths/{}/{method}", escape(path));
                f(&pointer, method, path, operation);
                alternatives(&pointer, method, path, operation, f);
            }
        }
    }
}

/// The same operation with another kind of body (see the pass `bodies`).
fn alternatives(
    pointer: &str,
    method: &str,
    path: &str,
    operation: &mut Value,
    f: &mut dyn FnMut(&str, &str, &str, &mut Value),
) {
    let others = operation
        .get_mut("x-alternatives")
        .and_then(Value::as_array_mut);
    for (index, other) in others.into_iter().flatten().enumerate() {
        f(
            &format!("{pointer}/x-alternatives/{index}"),
            method,
            path,
            other,
        );
    }
}

/// Calls `f` for the schemas that stand directly in one operation.
pub fn operation_schemas(
    pointer: &str,
    operation: &mut Value,
    f: &mut dyn FnMut(&str, &mut Value),
) {
    if let Some(parameters) = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    {
        for (index, parameter) in parameters.iter_mut().enumerate() {
            let pointer = format!("{pointer}/parameters/{index}");
            if let Some(schema) = parameter.get_mut("schema") {
                f(&format!("{pointer}/schema"), schema);
            }
            content(&pointer, parameter, f);
        }
    }
    if let Some(body) = operation.get_mut("requestBody") {
        content(&format!("{pointer}/requestBody"), body, f);
    }
    if let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    {
        for (status, response) in responses.iter_mut() {
            let pointer = format!("{pointer}/responses/{}", escape(status));
            content(&pointer, response, f);
            if let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) {
                for (name, header) in headers.iter_mut() {
                    let pointer = format!("{pointer}/headers/{}", escape(name));
                    if let Some(schema) = header.get_mut("schema") {
                        f(&format!("{pointer}/schema"), schema);
                    }
                }
            }
        }
    }
}

fn content(pointer: &str, holder: &mut Value, f: &mut dyn FnMut(&str, &mut Value)) {
    if let Some(content) = holder.get_mut("content").and_then(Value::as_object_mut) {
        for (media_type, value) in content.iter_mut() {
            if let Some(schema) = value.get_mut("schema") {
                f(
                    &format!("{pointer}/content/{}/schema", escape(media_type)),
                    schema,
                );
            }
        }
    }
}

/// Calls `f` for the schemas inside `schema`, then for `schema` itself.
pub fn within(schema: &mut Value, pointer: &str, f: &mut dyn FnMut(&str, &mut Value)) {
    children(schema, &mut |token, child| {
        within(child, &format!("{pointer}/{token}"), f);
    });
    f(pointer, schema);
}

/// Calls `f` for the schemas directly inside `schema`, with the pointer tokens that lead
/// to each.
pub fn children(schema: &mut Value, f: &mut dyn FnMut(&str, &mut Value)) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    for keyword in ["properties", "x-pattern-properties"] {
        if let Some(map) = object.get_mut(keyword).and_then(Value::as_object_mut) {
            for (name, child) in map.iter_mut() {
                f(&format!("{keyword}/{}", escape(name)), child);
            }
        }
    }
    for keyword in ["items", "additionalProperties", "not"] {
        if let Some(child) = object.get_mut(keyword).filter(|child| child.is_object()) {
            f(keyword, child);
        }
    }
    for keyword in ["allOf", "oneOf", "anyOf", "x-prefix-items"] {
        if let Some(list) = object.get_mut(keyword).and_then(Value::as_array_mut) {
            for (index, child) in list.iter_mut().enumerate() {
                f(&format!("{keyword}/{index}"), child);
            }
        }
    }
}

/// The object at a path of keys.
pub fn object_at<'a>(value: &'a mut Value, keys: &[&str]) -> Option<&'a mut Object> {
    let mut value = value;
    for key in keys {
        value = value.get_mut(*key)?;
    }
    value.as_object_mut()
}

/// The reference to a component schema.
pub fn reference(name: &str) -> String {
    format!("#/components/schemas/{}", escape(name))
}

/// The name of the component schema that a value refers to, if it is such a reference.
pub fn referenced(schema: &Value) -> Option<String> {
    let target = schema.get("$ref")?.as_str()?;
    target.strip_prefix("#/components/schemas/").map(unescape)
}
