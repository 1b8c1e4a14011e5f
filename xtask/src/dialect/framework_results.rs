//! Results of actions that are declared by a framework type (`IActionResult`, `FileResult`,
//! `Stream`): the documents describe that type as an object, or its properties as JSON, while the
//! server sends a file or whatever the action makes.

use serde_json::Value;

use super::{table::Context, tool};
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
    tool::response_contents(document, &mut |place, _, content| {
        let named = content
            .values()
            .find_map(|content| walk::referenced(&content["schema"]));
        let name = named.unwrap_or_default();
        let short = name.rsplit('.').next().unwrap_or_default();
        let was = format!("the properties of .NET's `{short}`");
        if ANY.contains(&short) {
            report.adapt(context.name, place, was, "whatever the action makes");
            content.clear();
        } else if BYTES.contains(&short) {
            report.adapt(context.name, place, was, "bytes of any media type");
            tool::be_any_bytes(content);
        }
    });
}
