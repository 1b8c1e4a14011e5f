//! What a document says beside its calls: callbacks and links make no method, response
//! headers no field, and that a parameter is deprecated has no attribute in Rust. Each is
//! reported with the way to it, and deprecation is said in the parameter's description.

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::report::Report;

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::operations(document, &mut |pointer, _, _, operation| {
        named(&operation["callbacks"], |name| {
            let at = format!("{pointer}/callbacks/{}", walk::escape(name));
            report.adapt(
                "callbacks",
                at,
                "a request that the server makes",
                "no method",
            );
        });
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let at = format!("{pointer}/responses/{}", walk::escape(status));
            named(&response["headers"], |name| {
                let at = format!("{at}/headers/{}", walk::escape(name));
                report.adapt(
                    "response headers",
                    at,
                    format!("the header `{name}`"),
                    "read with `headers()` of the answer",
                );
            });
            named(&response["links"], |name| {
                let at = format!("{at}/links/{}", walk::escape(name));
                report.adapt(
                    "links",
                    at,
                    "a link to an operation",
                    "a call by the caller",
                );
            });
        }
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            if parameter["deprecated"] == Value::Bool(true) {
                let at = format!("{pointer}/parameters/{index}");
                deprecated(parameter);
                report.adapt(
                    "deprecated parameters",
                    at,
                    "deprecated",
                    "said in the description",
                );
            }
        }
    });
    Ok(())
}

fn named(map: &Value, mut each: impl FnMut(&str)) {
    for name in map.as_object().into_iter().flat_map(|map| map.keys()) {
        each(name);
    }
}

fn deprecated(parameter: &mut Value) {
    let said = parameter["description"].as_str().unwrap_or_default();
    let text = format!("{said}\n\nDeprecated.");
    parameter["description"] = json!(text.trim_start());
}
