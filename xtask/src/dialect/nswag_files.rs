//! Collections of files in forms: NSwag describes `IFormFileCollection` as a list of anything.

use serde_json::{Map, Value, json};

use super::{table::Context, tool};
use crate::{lower::walk, report::Report};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    tool::forms(document, &mut |at, media_type, content| {
        if !media_type.starts_with("multipart/") {
            return;
        }
        let properties = content
            .pointer_mut("/schema/properties")
            .and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            let of_anything = property["items"].as_object().is_some_and(Map::is_empty);
            if property["type"] == "array" && of_anything {
                property["items"] = json!({"type": "string", "format": "binary"});
                let at = format!("{at}/schema/properties/{}", walk::escape(name));
                report.adapt(context.name, at, "a list of anything", "a list of files");
            }
        }
    });
}
