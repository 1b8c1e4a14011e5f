//! Files in urlencoded forms of Swashbuckle: there it follows from an explicit `[Consumes]`, which
//! refuses the multipart form that alone carries a file.

use serde_json::{Value, json};

use super::{suspect, table::Context, tool};
use crate::report::{Report, Warning};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let schemas = tool::schemas(document);
    let urlencoded = "application/x-www-form-urlencoded";
    for operation in suspect::operations(document) {
        let Some(content) = operation.value["requestBody"]["content"].as_object() else {
            continue;
        };
        let Some(form) = content.get(urlencoded) else {
            continue;
        };
        let multipart = content.keys().any(|name| name.starts_with("multipart/"));
        if multipart || !tool::has_file(&form["schema"], &schemas) {
            continue;
        }
        let target = format!("{}.requestBody.content", operation.target());
        let why = "The action accepts multipart/form-data, which alone carries a file.";
        report.warn(Warning {
            construct: context.name,
            pointer: format!("{}/requestBody", operation.pointer()),
            message: format!(
                "{} {} has a file in an urlencoded form; if the action consumes that alone, the file cannot be sent",
                operation.method.to_uppercase(),
                operation.path
            ),
            actions: vec![
                suspect::update(&target, why, json!({"multipart/form-data": form})),
                suspect::remove(format!("{target}[{}]", suspect::quoted(urlencoded)), why),
            ],
        });
    }
}
