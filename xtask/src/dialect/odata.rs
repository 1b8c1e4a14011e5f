//! OData's own paths: `$count` answers a number as text, and `$metadata` the model as XML. The
//! documents have the type of the list, and the properties of .NET's model.

use serde_json::{Value, json};

use super::table::Context;
use crate::{lower::walk, report::Report};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    walk::operations(document, &mut |at, method, path, operation| {
        let last = path.rsplit('/').next().unwrap_or_default();
        let (now, content) = match last {
            "$count" => (
                "a number",
                json!({"application/json": {"schema": {"type": "integer", "format": "int64"}}}),
            ),
            "$metadata" => (
                "XML",
                json!({"application/xml": {"schema": {"type": "string"}}}),
            ),
            _ => return,
        };
        let response = operation["responses"].get_mut("200");
        if method == "get"
            && let Some(response) = response.filter(|response| response["content"] != content)
        {
            report.adapt(
                context.name,
                format!("{at}/responses/200"),
                "the type of the list or model",
                now,
            );
            response["content"] = content;
        }
    });
}
