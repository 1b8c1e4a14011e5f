//! `TimeSpan`: the server writes and reads `1.02:03:04`. Microsoft's writer says so with a pattern
//! alone, and NSwag calls it `duration`, which is ISO 8601 in every other document.

use serde_json::{Value, json};

use super::{Writer, table::Context};
use crate::{lower::walk, report::Report};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    walk::schemas(document, &mut |at, schema| {
        if schema["type"] != "string" {
            return;
        }
        let format = schema["format"].as_str().unwrap_or_default();
        let pattern = schema["pattern"].as_str().unwrap_or_default();
        let was = match context.writer {
            Writer::Nswag if format == "duration" => "the format `duration`",
            Writer::Microsoft if format.is_empty() && is_time_span(pattern) => "a pattern",
            _ => return,
        };
        report.adapt(context.name, at, was, "the format `date-span`");
        schema["format"] = json!("date-span");
        if let Some(schema) = schema.as_object_mut() {
            schema.shift_remove("pattern");
        }
    });
}

/// Whether a pattern is that of a time span: days and a dot, hours, minutes and seconds.
fn is_time_span(pattern: &str) -> bool {
    pattern.contains(r"(\d+\.)?") && pattern.contains(r"\d{2}:\d{2}:\d{2}")
}
