//! Maps whose keys are an enum: Swashbuckle lists the names as properties of a closed object that
//! stands where it is used. The server sends any subset of them, and numbers that have no name.
//! Swashbuckle makes a component of every class, so that nothing else looks like this.

use serde_json::{Map, Value, json};

use super::table::Context;
use crate::{lower::walk, report::Report};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    walk::roots(document, &mut |at, root| {
        walk::children(root, &mut |inner, child| {
            walk::within(child, &format!("{at}/{inner}"), &mut |at, schema| {
                // What a class adds to its base stands inside another schema as well.
                if is_branch(at) {
                    return;
                }
                if let Some(values) = values(schema) {
                    let names = schema["properties"].as_object();
                    let names: Vec<&str> = names
                        .into_iter()
                        .flat_map(Map::keys)
                        .map(String::as_str)
                        .collect();
                    let was = format!("a closed object of {}", names.join(", "));
                    report.adapt(
                        context.name,
                        at,
                        was,
                        "a map with any of these keys, and others",
                    );
                    if let Some(schema) = schema.as_object_mut() {
                        schema.shift_remove("properties");
                        schema.insert("additionalProperties".to_owned(), values);
                    }
                }
            });
        });
    });
}

/// Whether a place is that of a branch of an `allOf`.
fn is_branch(at: &str) -> bool {
    let mut steps = at.rsplit('/');
    steps
        .next()
        .is_some_and(|index| index.parse::<usize>().is_ok())
        && steps.next() == Some("allOf")
}

/// What all properties of a closed inline object are.
fn values(schema: &Value) -> Option<Value> {
    let properties = schema["properties"].as_object()?;
    let first = properties.values().next()?;
    let is_map = schema["additionalProperties"] == json!(false)
        && schema.get("required").is_none()
        && properties.values().all(|property| property == first);
    is_map.then(|| first.clone())
}
