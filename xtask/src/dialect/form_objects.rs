//! Objects in forms: ASP.NET binds `rows[0].id`, `range.low` and `labels[key]`. A part of JSON binds
//! nothing, and no error tells so.

use serde_json::{Value, json};

use super::{table::Context, tool};
use crate::{lower::walk, report::Report};

const MARK: &str = "x-sixclicks-mark-style";

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let schemas = tool::schemas(document);
    tool::forms(document, &mut |at, _, content| {
        let form = tool::follow(&content["schema"], &schemas).clone();
        for (name, property) in form["properties"].as_object().into_iter().flatten() {
            let encoding = &content["encoding"][name];
            // A content type is a part that the action reads by itself.
            if encoding.get(MARK).is_some() || encoding.get("contentType").is_some() {
                continue;
            }
            let (was, now, style) = if tool::is_map(property, &schemas) {
                ("a map", format!("`{name}[key]`"), "keyed")
            } else if tool::is_list_of_objects(property, &schemas) {
                ("a list of objects", format!("`{name}[0].member`"), "dotted")
            } else if tool::is_object(property, &schemas) {
                ("an object", format!("`{name}.member`"), "dotted")
            } else {
                continue;
            };
            content["encoding"][name] = json!({MARK: style});
            let at = format!("{at}/schema/properties/{}", walk::escape(name));
            report.adapt(context.name, at, was, now);
        }
    });
}
