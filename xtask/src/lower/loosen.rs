//! Constraints and defaults: what a server sends is read even where it bends its own
//! rules, and what was not set is not sent. Both are told in the documentation instead.

use serde_json::Value;

use super::{LowerError, enums::note, walk};
use crate::report::Report;

const CONSTRUCT: &str = "loosen";

/// Constraints, with how each reads in the documentation.
const CONSTRAINTS: [(&str, &str); 15] = [
    ("minLength", "At least {} characters."),
    ("maxLength", "At most {} characters."),
    ("pattern", "Matches `{}`."),
    ("minimum", "At least {}."),
    ("maximum", "At most {}."),
    ("exclusiveMinimum", ""),
    ("exclusiveMaximum", ""),
    ("multipleOf", "A multiple of {}."),
    ("minItems", "At least {} items."),
    ("maxItems", "At most {} items."),
    ("uniqueItems", ""),
    ("minProperties", "At least {} properties."),
    ("maxProperties", "At most {} properties."),
    ("contentMediaType", "Content of type `{}`."),
    ("contentEncoding", ""),
];

/// Keywords that say nothing to a generator.
const IDLE: [&str; 9] = [
    "example",
    "examples",
    "xml",
    "externalDocs",
    "$comment",
    "$schema",
    "$id",
    "x-sixclicks-mark-null",
    "not",
];

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |pointer, schema| {
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        for (keyword, sentence) in CONSTRAINTS {
            let Some(value) = object.remove(keyword) else {
                continue;
            };
            let trivial = (keyword == "minLength" || keyword == "minItems") && value == 0;
            if trivial || matches!(value, Value::Bool(false) | Value::Null) {
                continue;
            }
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            if !sentence.is_empty() && object.get("$ref").is_none() && !text.contains('`') {
                let told = sentence.replace("{}", &text);
                let told = if text == "1" {
                    told.replace("s.", ".")
                } else {
                    told
                };
                note(object, &told);
            }
            report.adapt(
                CONSTRUCT,
                pointer,
                format!("`{keyword}: {}`", short(&text)),
                "told in the documentation",
            );
        }
        if let Some(value) = object.remove("default") {
            if !value.is_null() && object.get("$ref").is_none() {
                note(
                    object,
                    &format!(
                        "Default: `{}`.",
                        short(&value.to_string()).replace('`', "'")
                    ),
                );
            }
            // Whether pages are counted from 0 or from 1 shows in this alone.
            if value.is_u64() {
                object.insert("x-sixclicks-mark-default".to_owned(), value);
            }
            report.adapt(
                CONSTRUCT,
                pointer,
                "a default",
                "told in the documentation; what is not set is not sent",
            );
        }
        for keyword in IDLE {
            object.remove(keyword);
        }
    });
    Ok(())
}

fn short(text: &str) -> String {
    if text.chars().count() > 120 {
        format!("{}…", text.chars().take(119).collect::<String>())
    } else {
        text.to_owned()
    }
}
