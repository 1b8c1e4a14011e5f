//! What the passes share: following references, and finding operations, bodies and forms in a
//! document of OpenAPI 3.0.

use serde_json::{Map, Value, json};

use crate::lower::walk;

/// The components of a document.
pub type Schemas = Map<String, Value>;

/// The component schemas, copied, so that operations can be changed while they are looked up.
pub fn schemas(document: &Value) -> Schemas {
    let schemas = document.pointer("/components/schemas");
    schemas
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

/// A schema behind its references, and behind an `allOf` of one member.
pub fn follow<'a>(schema: &'a Value, schemas: &'a Schemas) -> &'a Value {
    let mut schema = schema;
    for _ in 0..32 {
        let only = match schema["allOf"].as_array().map(Vec::as_slice) {
            Some([only]) if schema.get("properties").is_none() => only,
            _ => schema,
        };
        match walk::referenced(only).and_then(|name| schemas.get(&name)) {
            Some(target) => schema = target,
            None => return only,
        }
    }
    schema
}

/// Whether a schema is an object with members of its own.
pub fn is_object(schema: &Value, schemas: &Schemas) -> bool {
    let schema = follow(schema, schemas);
    let composed = schema["allOf"]
        .as_array()
        .is_some_and(|parts| parts.iter().any(|part| is_object(part, schemas)));
    has_properties(schema) || composed
}

/// Whether a schema is a map: an object that has `additionalProperties` and no members.
pub fn is_map(schema: &Value, schemas: &Schemas) -> bool {
    let schema = follow(schema, schemas);
    let values = &schema["additionalProperties"];
    schema["type"] == "object" && !has_properties(schema) && (values.is_object() || *values == true)
}

/// Whether a schema is a list of objects.
pub fn is_list_of_objects(schema: &Value, schemas: &Schemas) -> bool {
    let schema = follow(schema, schemas);
    schema["type"] == "array" && is_object(&schema["items"], schemas)
}

/// Whether a schema is a file's bytes.
pub fn is_file(schema: &Value) -> bool {
    schema["type"] == "string" && schema["format"] == "binary"
}

/// Whether a form has a member that is a file or a list of files.
pub fn has_file(form: &Value, schemas: &Schemas) -> bool {
    let properties = follow(form, schemas)["properties"].as_object();
    properties.into_iter().flatten().any(|(_, property)| {
        let property = follow(property, schemas);
        is_file(property) || is_file(follow(&property["items"], schemas))
    })
}

fn has_properties(schema: &Value) -> bool {
    let properties = schema["properties"].as_object();
    properties.is_some_and(|properties| !properties.is_empty())
}

/// Calls `f` for every parameter of every path item and operation, with its place.
pub fn parameters(document: &mut Value, f: &mut dyn FnMut(&str, &mut Value)) {
    let Some(paths) = walk::object_at(document, &["paths"]) else {
        return;
    };
    for (path, item) in paths {
        let at = format!("/paths/{}", walk::escape(path));
        listed(item, &at, f);
        for method in walk::METHODS {
            if let Some(operation) = item.get_mut(method) {
                listed(operation, &format!("{at}/{method}"), f);
            }
        }
    }
    let shared = walk::object_at(document, &["components", "parameters"]);
    for (name, parameter) in shared.into_iter().flatten() {
        f(
            &format!("/components/parameters/{}", walk::escape(name)),
            parameter,
        );
    }
}

fn listed(holder: &mut Value, at: &str, f: &mut dyn FnMut(&str, &mut Value)) {
    let list = holder.get_mut("parameters").and_then(Value::as_array_mut);
    for (index, parameter) in list.into_iter().flatten().enumerate() {
        f(&format!("{at}/parameters/{index}"), parameter);
    }
}

/// Calls `f` for every request body, with its place.
pub fn bodies(document: &mut Value, f: &mut dyn FnMut(&str, &mut Value)) {
    walk::operations(document, &mut |at, _, _, operation| {
        if let Some(body) = operation.get_mut("requestBody") {
            f(&format!("{at}/requestBody"), body);
        }
    });
    let shared = walk::object_at(document, &["components", "requestBodies"]);
    for (name, body) in shared.into_iter().flatten() {
        f(
            &format!("/components/requestBodies/{}", walk::escape(name)),
            body,
        );
    }
}

/// Calls `f` for every form that a request body can be, with its place, media type and content.
pub fn forms(document: &mut Value, f: &mut dyn FnMut(&str, &str, &mut Value)) {
    bodies(document, &mut |at, body| {
        let content = body.get_mut("content").and_then(Value::as_object_mut);
        for (media_type, content) in content.into_iter().flatten() {
            if is_form(media_type) {
                let at = format!("{at}/content/{}", walk::escape(media_type));
                f(&at, media_type, content);
            }
        }
    });
}

/// Whether a media type is one of HTML's forms.
pub fn is_form(media_type: &str) -> bool {
    let essence = crate::media::essence(media_type);
    essence == "multipart/form-data" || essence == "application/x-www-form-urlencoded"
}

/// Calls `f` for the content of every response that has one, with its place and status.
pub fn response_contents(document: &mut Value, f: &mut dyn FnMut(String, &str, &mut walk::Object)) {
    walk::operations(document, &mut |at, _, _, operation| {
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) {
                let place = format!("{at}/responses/{}", walk::escape(status));
                f(place, status, content);
            }
        }
    });
}

/// Makes a content bytes of any media type.
pub fn be_any_bytes(content: &mut walk::Object) {
    let bytes = json!({"schema": {"type": "string", "format": "binary"}});
    content.clear();
    content.insert("*/*".to_owned(), bytes);
}
