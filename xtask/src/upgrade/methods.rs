//! Operations with methods that OpenAPI 3.0 has no key for: `query` and `additionalOperations` of
//! 3.2, the extension that older documents have for them, and methods that stand in a path item
//! like the known ones. All of them move to `additionalOperations`, by the method that is sent.

use serde_json::{Map, Value};

use super::Context;
use crate::openapi::brief;
use crate::openapi::grammar::{ADDITIONAL, Kind, METHODS, has_operation};
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::{Phase, walk};

const CONSTRUCT: &str = "additional operation";

/// Collects the additional operations of every path item.
pub fn collect(document: &mut Value, context: &mut Context) {
    walk(
        document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, kind, at, phase| {
            if let (Value::Object(item), Kind::PathItem, Phase::Enter) = (value, kind, phase) {
                path_item(item, at, context);
            }
        },
    );
}

fn path_item(item: &mut Map<String, Value>, at: &Pointer, context: &mut Context) {
    let mut found: Vec<(Pointer, String, Value)> = Vec::new();
    for key in ADDITIONAL {
        if let Some(Value::Object(held)) = item.shift_remove(key) {
            let operations = held
                .into_iter()
                .filter(|(_, operation)| operation.is_object());
            found.extend(
                operations.map(|(method, operation)| (at.join(&[key, &method]), method, operation)),
            );
        }
    }
    let others: Vec<String> = item
        .iter()
        .filter(|(key, value)| !METHODS.contains(&key.as_str()) && has_operation(key, value))
        .map(|(key, _)| key.clone())
        .collect();
    for key in others {
        if let Some(operation) = item.shift_remove(&key) {
            found.push((at.join(&[&key]), key.to_ascii_uppercase(), operation));
        }
    }
    let mut additional = Map::new();
    for (place, method, operation) in found {
        let known = METHODS
            .into_iter()
            .find(|known| method.eq_ignore_ascii_case(known));
        let (holder, key) = match known {
            Some(known) => (&mut *item, known.to_owned()),
            None => (&mut additional, method.clone()),
        };
        let notes = &mut context.notes;
        if let Some(other) = holder.get(&key) {
            if *other != operation {
                let now = format!("left out: the path has another operation for {method}");
                notes.lose(&place, CONSTRUCT, brief(&operation), now);
            }
        } else if !is_token(&method) || method == "CONNECT" {
            let now = "left out: no HTTP client sends such a method to a server";
            notes.lose(&place, CONSTRUCT, format!("{method:?}"), now);
        } else {
            let now = format!("an operation with the method {method}");
            notes.add(&place, CONSTRUCT, &*method, now);
            holder.insert(key, operation);
        }
    }
    if !additional.is_empty() {
        item.insert(ADDITIONAL[0].to_owned(), Value::Object(additional));
    }
}

/// Whether HTTP allows a method to be called that (RFC 9110, 5.6.2).
fn is_token(method: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !method.is_empty() && method.bytes().all(allowed)
}
