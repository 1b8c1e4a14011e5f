//! Members of query and form objects that lost their prefix: with `[FromQuery(Name = "range")]` only
//! `range.Low` binds, and the documents say `Low`. That shows only where two such objects collide.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{suspect, table::Context};
use crate::report::{Report, Warning};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    for operation in suspect::operations(document) {
        let mut named: BTreeMap<(String, String), Vec<suspect::Parameter<'_>>> = BTreeMap::new();
        for parameter in operation.parameters() {
            let place = parameter.value["in"].as_str().unwrap_or_default();
            let name = parameter.value["name"].as_str().unwrap_or_default();
            if matches!(place, "query" | "formData") {
                let key = (place.to_owned(), name.to_ascii_lowercase());
                named.entry(key).or_default().push(parameter);
            }
        }
        // What the path item and the operation both declare is one parameter.
        let own = operation.pointer();
        for same in named.values() {
            let same: Vec<_> = same
                .iter()
                .filter(|parameter| parameter.pointer.starts_with(&own))
                .collect();
            let [_, others @ ..] = same.as_slice() else {
                continue;
            };
            for other in others {
                let name = other.value["name"].as_str().unwrap_or_default();
                let why = "Replace `prefix` by the name under which the action binds the object.";
                let update = json!({"name": format!("prefix.{name}")});
                report.warn(Warning {
                    construct: context.name,
                    pointer: other.pointer.clone(),
                    message: format!(
                        "{} {} has the parameter `{name}` twice; one may belong to an object with a prefix",
                        operation.method.to_uppercase(),
                        operation.path
                    ),
                    actions: vec![suspect::update(&other.indexed, why, update)],
                });
            }
        }
    }
}
