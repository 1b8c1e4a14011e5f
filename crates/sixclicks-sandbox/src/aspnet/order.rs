//! The order of members: System.Text.Json reads the discriminator of a type before its other
//! members, and refuses a body in which it comes later.

use serde_json::Value;

use crate::{schema, unknown::Known};

/// How deep values are looked into, which is as deep as JSON may nest.
const DEEPEST: usize = 64;

/// Where a discriminator comes behind other members, as a JSON pointer with the discriminator's
/// name; the first such place.
pub fn unordered(root: &Value, given: &Value, value: &Value) -> Option<(String, String)> {
    within(root, std::slice::from_ref(given), value, "", 0)
}

fn within(
    root: &Value,
    schemas: &[Value],
    value: &Value,
    at: &str,
    depth: usize,
) -> Option<(String, String)> {
    if depth > DEEPEST || schemas.is_empty() {
        return None;
    }
    match value {
        Value::Object(members) => {
            let known = Known::of(root, schemas);
            let late = |name: &String| members.keys().position(|own| own == name) > Some(0);
            if let Some(name) = tags(root, schemas).into_iter().find(late) {
                return Some((at.to_owned(), name));
            }
            members.iter().find_map(|(name, member)| {
                let schemas = known.fields.get(name).unwrap_or(&known.rest);
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                within(root, schemas, member, &at, depth + 1)
            })
        }
        Value::Array(items) => {
            let known = Known::of(root, schemas);
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| {
                within(
                    root,
                    &known.items,
                    item,
                    &format!("{at}/{index}"),
                    depth + 1,
                )
            })
        }
        _ => None,
    }
}

/// The discriminators that schemas and the bases of which they are made declare.
pub(super) fn tags(root: &Value, schemas: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    for given in schemas {
        let flat = schema::flatten(root, given);
        found.extend(schema::discriminator(&flat).map(|(name, _)| name));
    }
    found
}
