//! Arrays in queries and forms of Swagger 2.0 that have no `collectionFormat`: by the letter they
//! are joined by commas, but ASP.NET takes `a,b` for one value, and combines a list of enums to one
//! number without an error. The name has to be repeated.

use serde_json::{Value, json};

use super::table::Context;
use crate::{
    openapi::{
        grammar::Kind,
        pointer::Pointer,
        walk::{Phase, walk},
    },
    report::Report,
};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    if document.get("swagger").is_none() {
        return;
    }
    let at = &mut Pointer::default();
    walk(
        document,
        Kind::Document,
        at,
        &mut |value, kind, at, phase| {
            if kind != Kind::Parameter || phase == Phase::Leave {
                return;
            }
            let in_pairs = matches!(value["in"].as_str(), Some("query" | "formData"));
            if in_pairs && value["type"] == "array" && value.get("collectionFormat").is_none() {
                value["collectionFormat"] = json!("multi");
                report.adapt(
                    context.name,
                    at.to_string(),
                    "an array without a format",
                    "repeated",
                );
            }
        },
    );
}
