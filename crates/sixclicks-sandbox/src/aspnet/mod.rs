//! What documents of ASP.NET say of their servers that is not so, known by the signs of each
//! construct in the document. The sandbox reads and samples what the server binds and sends
//! instead. This knows nothing of the pipeline's own corrections, so that a mistake in one shows
//! in the other.

mod bases;
mod bodies;
mod json;
mod order;
mod patch;
mod types;

use serde_json::{Map, Value};

use crate::{dialect::Dialect, schema};

pub use json::as_read;
pub use order::unordered;

/// Rewrites a document to what is meant.
pub fn correct(root: &mut Value, dialect: Dialect) {
    types::correct(root, dialect);
    bases::correct(root, dialect);
    patch::correct(root);
    bodies::correct(root, dialect);
    each_operation(root, &mut |root, operation| {
        bodies::required(root, operation, dialect);
        bodies::repeated(root, operation);
        bodies::queries(root, operation, dialect);
    });
}

/// The places of component schemas.
const FOLDERS: [&str; 2] = ["/components/schemas", "/definitions"];

/// Calls `change` for every component schema with its name.
fn each_component(root: &mut Value, change: &mut dyn FnMut(&str, &mut Value)) {
    for folder in FOLDERS {
        let found = root.pointer_mut(folder).and_then(Value::as_object_mut);
        for (name, component) in found.into_iter().flatten() {
            change(name, component);
        }
    }
}

/// Calls `change` for every operation, with the document as it was before.
fn each_operation(root: &mut Value, change: &mut dyn FnMut(&Value, &mut Map<String, Value>)) {
    let before = root.clone();
    let paths = root.get_mut("paths").and_then(Value::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut()
                && operation.contains_key("responses")
            {
                change(&before, operation);
            }
        }
    }
}

/// Calls `change` for every object of a document, outermost first.
fn each_object(value: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, change)),
        Value::Object(fields) => {
            change(fields);
            let fields = fields.iter_mut();
            let fields = fields.filter(|(name, _)| !matches!(&***name, "example" | "examples"));
            fields.for_each(|(_, field)| each_object(field, change));
        }
        _ => {}
    }
}

/// The name of a component without its namespace.
fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Whether a schema is an object with members of its own.
fn has_members(root: &Value, given: &Value) -> bool {
    let flat = schema::flatten(root, given);
    let properties = flat.get("properties").and_then(Value::as_object);
    properties.is_some_and(|properties| !properties.is_empty())
}
