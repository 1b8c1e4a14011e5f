//! `decimal`: Swashbuckle and Microsoft's writer call it `double`, which has fewer digits.
//! Microsoft's pattern for it has no exponent, and so tells it from a real `double`. Swashbuckle
//! describes both alike, unless it is told how to tell them apart; a decimal number holds either.

use serde_json::{Value, json};

use super::{Writer, table::Context};
use crate::{lower::walk, report::Report};

/// How System.Text.Json describes the text of a `decimal`. That of a `double` may have an exponent.
const PATTERN: &str = r"^-?(?:0|[1-9]\d*)(?:\.\d+)?$";

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let mut told_apart = false;
    walk::schemas(document, &mut |_, schema| {
        told_apart |= schema["format"] == "decimal"
    });
    walk::schemas(document, &mut |at, schema| {
        let was = match context.writer {
            Writer::Swashbuckle if schema["type"] == "number" && !told_apart => {
                "the format `double`"
            }
            Writer::Microsoft if has_pattern(schema) => "the format `double` with a pattern",
            _ => return,
        };
        let mut changed = is_double(schema);
        if changed {
            schema["format"] = json!("decimal");
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches = schema.get_mut(keyword).and_then(Value::as_array_mut);
            for branch in branches.into_iter().flatten() {
                if is_double(branch) {
                    branch["format"] = json!("decimal");
                    changed = true;
                }
            }
        }
        if changed {
            report.adapt(context.name, at, was, "the format `decimal`");
        }
    });
}

fn is_double(schema: &Value) -> bool {
    schema["format"] == "double" && schema.get("enum").is_none()
}

/// Whether a schema, or a branch of it, has the pattern of a decimal.
fn has_pattern(schema: &Value) -> bool {
    let own = |schema: &Value| schema["pattern"] == PATTERN;
    let branches = ["anyOf", "oneOf"].into_iter();
    let mut branches = branches
        .filter_map(|keyword| schema[keyword].as_array())
        .flatten();
    own(schema) || branches.any(own)
}
