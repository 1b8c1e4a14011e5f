//! Forms in Swagger 2.0 by OpenAPI.NET: a file is text without a format, and Microsoft's writer
//! drops the fields of some forms altogether.

use serde_json::{Value, json};

use super::{suspect, table::Context};
use crate::report::{Report, Warning};

/// Words in the names of files.
const WORDS: [&str; 8] = [
    "file",
    "image",
    "upload",
    "photo",
    "picture",
    "attachment",
    "avatar",
    "logo",
];

/// The pass for files.
pub fn files(document: &mut Value, context: Context, report: &mut Report) {
    if !suspect::is_swagger(document) {
        return;
    }
    for operation in suspect::operations(document) {
        if !consumes(&operation, "multipart/form-data") {
            continue;
        }
        for parameter in operation.parameters() {
            let value = parameter.value;
            let name = value["name"].as_str().unwrap_or_default();
            let telling = suspect::words(name)
                .iter()
                .any(|word| WORDS.contains(&word.as_str()));
            let plain = value["type"] == "string"
                && value.get("format").is_none()
                && value.get("enum").is_none();
            if value["in"] == "formData" && plain && telling {
                let why = "A file; without a file name the server does not bind it.";
                report.warn(Warning {
                    construct: context.name,
                    pointer: parameter.pointer,
                    message: format!(
                        "`{name}` of {} {} is text in the document; it may be a file",
                        operation.method.to_uppercase(),
                        operation.path
                    ),
                    actions: vec![suspect::update(
                        parameter.target,
                        why,
                        json!({"type": "file"}),
                    )],
                });
            }
        }
    }
}

/// The pass for forms whose fields are gone.
pub fn fields(document: &mut Value, context: Context, report: &mut Report) {
    if !suspect::is_swagger(document) {
        return;
    }
    for operation in suspect::operations(document) {
        let form = ["multipart/form-data", "application/x-www-form-urlencoded"]
            .into_iter()
            .find(|form| consumes(&operation, form));
        if form.is_none() || operation.has_body() || operation.has_references() {
            continue;
        }
        let why = "The fields of the form; list each.";
        let field = json!({"parameters": [{"in": "formData", "name": "field", "type": "string"}]});
        report.warn(Warning {
            construct: context.name,
            pointer: operation.pointer(),
            message: format!(
                "{} {} consumes a form of which the document has no field",
                operation.method.to_uppercase(),
                operation.path
            ),
            actions: vec![suspect::update(operation.target(), why, field)],
        });
    }
}

fn consumes(operation: &suspect::Operation<'_>, media_type: &str) -> bool {
    let list = operation.value["consumes"].as_array();
    list.is_some_and(|list| list.iter().any(|listed| listed == media_type))
}
