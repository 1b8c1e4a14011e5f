//! Results without a declared type: NSwag documents them as `application/octet-stream`, while the
//! server sends JSON, text or a file. The bytes are kept whatever their media type, and the request
//! asks for any.

use serde_json::Value;

use super::{table::Context, tool};
use crate::report::Report;

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let octets = "application/octet-stream";
    tool::response_contents(document, &mut |place, status, content| {
        let alone = content.len() == 1
            && content
                .get(octets)
                .is_some_and(|content| tool::is_file(&content["schema"]));
        if status.starts_with('2') && alone {
            report.adapt(context.name, place, octets, "bytes of any media type");
            tool::be_any_bytes(content);
        }
    });
}
