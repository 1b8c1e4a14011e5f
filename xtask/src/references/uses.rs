//! Where a document refers to something.

use serde_json::Value;

use crate::openapi::grammar::Kind;
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::look;

/// One reference.
#[derive(Clone, Debug)]
pub struct Use {
    /// Where its text stands.
    pub place: Pointer,
    /// The object that refers.
    pub at: Pointer,
    /// The reference as it is written.
    pub text: String,
    /// What it has to lead to.
    pub kind: Kind,
    /// The outermost schema around it, if it stands in one.
    pub root: Option<Pointer>,
    /// Whether it is a value of a discriminator's mapping, which may also be a plain name.
    pub mapped: bool,
}

/// All references of a document, in its order.
pub fn of(document: &Value) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut root: Option<Pointer> = None;
    look(document, &mut |value, kind, at| {
        let is_schema = matches!(kind, Kind::Schema | Kind::SchemaOrBool);
        if !root.as_ref().is_some_and(|root| at.is_within(root)) {
            root = is_schema.then(|| at.clone());
        }
        let Value::Object(map) = value else { return };
        let mut found = |place: Pointer, text: &str, kind, mapped| {
            uses.push(Use {
                place,
                at: at.clone(),
                text: text.to_owned(),
                kind,
                root: root.clone(),
                mapped,
            });
        };
        if let Some(Value::String(text)) = map.get("$ref") {
            found(at.join(&["$ref"]), text, kind, false);
        }
        let mapping = is_schema
            .then(|| map.get("discriminator")?.get("mapping")?.as_object())
            .flatten();
        for (name, target) in mapping.into_iter().flatten() {
            if let Value::String(text) = target {
                let place = at.join(&["discriminator", "mapping", name]);
                found(place, text, Kind::Schema, true);
            }
        }
        for (name, text) in default_mapping(map, is_schema) {
            found(at.join(&["discriminator", name]), text, Kind::Schema, true);
        }
    });
    uses
}

/// The variant for unknown values, which OpenAPI 3.2 and an extension for older versions name.
fn default_mapping(
    schema: &serde_json::Map<String, Value>,
    is_schema: bool,
) -> impl Iterator<Item = (&'static str, &str)> {
    let held = schema.get("discriminator").filter(|_| is_schema);
    ["defaultMapping", "x-oas-default-mapping"]
        .into_iter()
        .filter_map(move |key| Some((key, held?.get(key)?.as_str()?)))
}
