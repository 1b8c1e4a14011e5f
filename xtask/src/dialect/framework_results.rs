//! Results of actions that are declared by a framework type (`IActionResult`, `FileResult`,
//! `Stream`): the documents describe that type as an object, or its properties as JSON, while the
//! server sends a file or whatever the action makes.

use serde_json::{Value, json};

use super::table::Context;
use crate::{lower::walk, report::Report};

/// What an action makes of it is open.
const ANY: [&str; 4] = [
    "IActionResult",
    "ActionResult",
    "IResult",
    "HttpResponseMessage",
];

/// Bytes.
const BYTES: [&str; 7] = [
    "FileResult",
    "FileContentResult",
    "FileStreamResult",
    "PhysicalFileResult",
    "VirtualFileResult",
    "Stream",
    "PipeReader",
];

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    walk::operations(document, &mut |at, _, _, operation| {
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) else {
                continue;
            };
            let named = content
                .values()
                .find_map(|content| walk::referenced(&content["schema"]));
            let name = named.unwrap_or_default();
            let short = name.rsplit('.').next().unwrap_or_default();
            let place = format!("{at}/responses/{}", walk::escape(status));
            let was = format!("the properties of .NET's `{short}`");
            if ANY.contains(&short) {
                report.adapt(context.name, place, was, "whatever the action makes");
                content.clear();
            } else if BYTES.contains(&short) {
                report.adapt(context.name, place, was, "bytes of any media type");
                let bytes = json!({"schema": {"type": "string", "format": "binary"}});
                content.clear();
                content.insert("*/*".to_owned(), bytes);
            }
        }
    });
}
