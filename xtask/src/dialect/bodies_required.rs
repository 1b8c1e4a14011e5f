//! Bodies of MVC actions, which Swashbuckle describes as optional: MVC answers 415 without a body
//! and 400 to an empty one, unless the action says otherwise, which no document shows.

use serde_json::{Value, json};

use super::{signs, table::Context, tool};
use crate::report::Report;

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    tool::bodies(document, &mut |at, body| {
        let content = body["content"].as_object();
        let names: Vec<&str> = content
            .into_iter()
            .flat_map(|content| content.keys())
            .map(String::as_str)
            .collect();
        if body.get("required").is_none() && signs::is_mvc_request(&names) {
            body["required"] = json!(true);
            report.adapt(context.name, at, "an optional body", "a required one");
        }
    });
}
