//! Files in urlencoded forms: Microsoft's writer gives a form object with a file in it the media
//! type of a form without one. Only multipart carries a file.

use serde_json::Value;

use super::{table::Context, tool};
use crate::report::Report;

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let schemas = tool::schemas(document);
    tool::bodies(document, &mut |at, body| {
        let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) else {
            return;
        };
        let multipart = content.keys().any(|name| name.starts_with("multipart/"));
        let urlencoded = "application/x-www-form-urlencoded";
        let has_file = content
            .get(urlencoded)
            .is_some_and(|form| tool::has_file(&form["schema"], &schemas));
        if has_file
            && !multipart
            && let Some(form) = content.shift_remove(urlencoded)
        {
            content.insert("multipart/form-data".to_owned(), form);
            report.adapt(context.name, at, urlencoded, "multipart/form-data");
        }
    });
}
