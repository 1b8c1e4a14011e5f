//! Results without a declared type: NSwag documents them as `application/octet-stream`, while the
//! server sends JSON, text or a file. The bytes are kept whatever their media type, and the request
//! asks for any.

use serde_json::{Value, json};

use super::{table::Context, tool};
use crate::{lower::walk, report::Report};

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
            let alone = content.len() == 1
                && content
                    .get("application/octet-stream")
                    .is_some_and(|content| tool::is_file(&content["schema"]));
            if status.starts_with('2') && alone {
                let place = format!("{at}/responses/{status}");
                report.adapt(
                    context.name,
                    place,
                    "application/octet-stream",
                    "bytes of any media type",
                );
                content.clear();
                let bytes = json!({"schema": {"type": "string", "format": "binary"}});
                content.insert("*/*".to_owned(), bytes);
            }
        }
    });
}
