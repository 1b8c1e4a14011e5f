//! Forms that NSwag documents as multipart whatever the action consumes: an action with
//! `[Consumes("application/x-www-form-urlencoded")]` answers 415. Without that attribute both are
//! accepted.

use serde_json::Value;

use super::{suspect, table::Context, tool};
use crate::report::{Report, Warning};

const MULTIPART: &str = "multipart/form-data";
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let schemas = tool::schemas(document);
    for operation in suspect::operations(document) {
        let content = operation.value["requestBody"]["content"].as_object();
        let Some(form) = content
            .filter(|content| content.len() == 1)
            .and_then(|content| content.get(MULTIPART))
        else {
            continue;
        };
        // NSwag's list of anything is a list of files.
        let has_list_of_files =
            form["schema"]["properties"]
                .as_object()
                .is_some_and(|properties| {
                    properties.values().any(|property| {
                        property["items"]
                            .as_object()
                            .is_some_and(serde_json::Map::is_empty)
                    })
                });
        if has_list_of_files || tool::has_file(&form["schema"], &schemas) {
            continue;
        }
        let why = "[Consumes] of an urlencoded form; multipart is answered with 415.";
        let target = format!("{}.requestBody.content", operation.target());
        let update = serde_json::json!({URLENCODED: form});
        report.warn(Warning {
            construct: context.name,
            pointer: format!("{}/requestBody", operation.pointer()),
            message: format!(
                "{} {} has a form without a file, which the action may accept as {URLENCODED} only",
                operation.method.to_uppercase(),
                operation.path
            ),
            actions: vec![
                suspect::update(&target, why, update),
                suspect::remove(format!("{target}[{}]", suspect::quoted(MULTIPART)), why),
            ],
        });
    }
}
