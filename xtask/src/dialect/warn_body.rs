//! Bodies that an action reads by itself: nothing of them reaches the document, and most writes
//! without a body are right. Only a name that tells of content is worth a warning.

use serde_json::{Value, json};

use super::{suspect, table::Context};
use crate::report::{Report, Warning};

const WORDS: [&str; 6] = ["upload", "import", "raw", "text", "blob", "csv"];

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let swagger = suspect::is_swagger(document);
    for operation in suspect::operations(document) {
        let writes = matches!(operation.method, "post" | "put" | "patch");
        if !writes || operation.has_body() || operation.has_references() || !tells(&operation) {
            continue;
        }
        let why = "The action reads the body itself. Name the media types that it accepts.";
        let body = match swagger {
            true => json!({
                "consumes": ["application/octet-stream"],
                "parameters": [{
                    "in": "body",
                    "name": "body",
                    "required": true,
                    "schema": {"type": "string", "format": "binary"},
                }],
            }),
            false => json!({"requestBody": {
                "required": true,
                "content": {
                    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
                },
            }}),
        };
        report.warn(Warning {
            construct: context.name,
            pointer: operation.pointer(),
            message: format!(
                "{} {} has no request body in the document; it may read one",
                operation.method.to_uppercase(),
                operation.path
            ),
            actions: vec![suspect::update(operation.target(), why, body)],
        });
    }
}

/// Whether the operation's name, path or summary tells of content.
fn tells(operation: &suspect::Operation<'_>) -> bool {
    let last = operation
        .path
        .split('/')
        .rfind(|segment| !segment.starts_with('{'));
    let texts = ["operationId", "summary"].map(|key| operation.value[key].as_str());
    texts
        .into_iter()
        .chain([last])
        .flatten()
        .flat_map(suspect::words)
        .any(|word| WORDS.contains(&word.as_str()))
}
