//! Constraints and defaults: what a server sends is read even where it bends its own
//! rules, and what was not set is not sent. Both are told in the documentation instead.

use serde_json::Value;

use super::{LowerError, enums::note, walk};
use crate::report::Report;

const CONSTRUCT: &str = "loosen";

/// Constraints, in the order in which they are told. The exclusive bounds come after the bounds
/// that they change.
const CONSTRAINTS: [&str; 15] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "contentMediaType",
    "contentEncoding",
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
        for keyword in CONSTRAINTS {
            let Some(value) = object.remove(keyword) else {
                continue;
            };
            let least = ["minLength", "minItems", "minProperties"];
            let trivial = least.contains(&keyword) && value == 0;
            if trivial || matches!(value, Value::Bool(false) | Value::Null) {
                continue;
            }
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            if object.get("$ref").is_none()
                && !text.contains('`')
                && let Some(told) = sentence(keyword, &value, &text, object)
            {
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

/// How a constraint reads in the documentation, beside the constraints that come after it.
fn sentence(keyword: &str, value: &Value, text: &str, rest: &walk::Object) -> Option<String> {
    let exclusive = |keyword: &str| rest.get(keyword) == Some(&Value::Bool(true));
    let counted = |one: &str, many: &str| match text {
        "1" => format!("{text} {one}"),
        _ => format!("{text} {many}"),
    };
    Some(match keyword {
        "minLength" => format!("At least {}.", counted("character", "characters")),
        "maxLength" => format!("At most {}.", counted("character", "characters")),
        "minItems" => format!("At least {}.", counted("item", "items")),
        "maxItems" => format!("At most {}.", counted("item", "items")),
        "minProperties" => format!("At least {}.", counted("property", "properties")),
        "maxProperties" => format!("At most {}.", counted("property", "properties")),
        "minimum" if exclusive("exclusiveMinimum") => format!("Greater than {text}."),
        "maximum" if exclusive("exclusiveMaximum") => format!("Less than {text}."),
        "minimum" => format!("At least {text}."),
        "maximum" => format!("At most {text}."),
        "exclusiveMinimum" if value.is_number() => format!("Greater than {text}."),
        "exclusiveMaximum" if value.is_number() => format!("Less than {text}."),
        "multipleOf" => format!("A multiple of {text}."),
        "pattern" => format!("Matches `{text}`."),
        "uniqueItems" => "No item occurs twice.".to_owned(),
        "contentMediaType" => format!("Content of type `{text}`."),
        _ => return None,
    })
}

fn short(text: &str) -> String {
    if text.chars().count() > 120 {
        format!("{}…", text.chars().take(119).collect::<String>())
    } else {
        text.to_owned()
    }
}
