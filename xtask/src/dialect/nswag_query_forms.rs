//! Forms of minimal APIs: NSwag takes `[FromForm]` for a query parameter. An object in the query of
//! a write that has no body is that form.

use serde_json::{Value, json};

use super::{table::Context, tool};
use crate::{lower::walk, report::Report};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let schemas = tool::schemas(document);
    walk::operations(document, &mut |at, method, _, operation| {
        if !matches!(method, "post" | "put" | "patch") || operation.get("requestBody").is_some() {
            return;
        }
        let Some(list) = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
        else {
            return;
        };
        let is_form = |parameter: &Value| {
            parameter["in"] == "query"
                && parameter
                    .get("style")
                    .is_none_or(|style| style != "deepObject")
                && tool::is_object(&parameter["schema"], &schemas)
        };
        let Some(index) = list.iter().position(is_form) else {
            return;
        };
        let form = list.remove(index);
        let media_type = match tool::has_file(&form["schema"], &schemas) {
            true => "multipart/form-data",
            false => "application/x-www-form-urlencoded",
        };
        let place = format!("{at}/parameters/{index}");
        report.adapt(context.name, place, "an object in the query", media_type);
        operation["requestBody"] = json!({
            "required": form["required"] == json!(true),
            "content": {media_type: {"schema": form["schema"]}},
        });
    });
}
