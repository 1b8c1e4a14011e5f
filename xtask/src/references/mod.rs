//! What the references within a document mean, however they are written: as pointers with escapes
//! missing, as anchors, by the `$id` of a schema, relative to the schema in which they stand, or
//! dynamically. Afterwards each is a plain pointer from the root of the document.

mod dynamic;
mod resolve;
mod resources;
mod uses;

use serde_json::Value;

use self::resolve::Resolver;
use crate::openapi::grammar::Kind;
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::{Phase, walk};
pub use uses::Use;

/// A reference that was written in another way than as a plain pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The object that refers.
    pub at: Pointer,
    /// The reference as it was written.
    pub was: String,
    /// The plain pointer that replaces it.
    pub now: String,
}

/// Writes every reference that leads somewhere within the document as a plain pointer. References
/// to other files and references to nowhere stay as they are.
pub fn settle(document: &mut Value) -> Vec<Settled> {
    let uses = uses::of(document);
    let resolver = Resolver::new(document, &uses);
    let mut changes = Vec::new();
    for used in &uses {
        let Some(target) = resolver.find(used) else {
            continue;
        };
        let now = format!("#{target}");
        if now != used.text {
            changes.push((used.place.clone(), used.at.clone(), used.text.clone(), now));
        }
    }
    let has_names = resolver.has_names();
    drop(uses);
    let mut settled = Vec::with_capacity(changes.len());
    for (place, at, was, now) in changes {
        if let Some(Value::String(text)) = place.get_mut(document) {
            text.clone_from(&now);
            settled.push(Settled { at, was, now });
        }
    }
    settled.extend(dynamic::expand(document));
    if has_names {
        forget_names(document);
    }
    settled
}

/// Removes the names of schemas: with them, pointers would be relative to the schemas.
fn forget_names(document: &mut Value) {
    walk(
        document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, kind, _, phase| {
            if let (Value::Object(map), Kind::Schema | Kind::SchemaOrBool, Phase::Enter) =
                (value, kind, phase)
            {
                for key in resources::NAMES {
                    if map.get(key).is_some_and(|name| !name.is_object()) {
                        map.shift_remove(key);
                    }
                }
            }
        },
    );
    if let Value::Object(root) = document {
        root.shift_remove("$self");
    }
}
