//! Values of any kind: NSwag describes `JToken`, `JsonElement` and `object` without a type, but as if
//! they had members. They can be anything, `null` and lists among it.

use serde_json::{Value, json};

use super::table::Context;
use crate::{lower::walk, report::Report};

/// What may stand beside it.
const ASIDE: [&str; 5] = ["description", "title", "example", "default", "nullable"];

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    walk::schemas(document, &mut |at, schema| {
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        let rest = object.get("additionalProperties");
        let is_any = rest.is_some_and(|rest| *rest == json!({}) || *rest == true);
        let alone = |(keyword, _): (&String, &Value)| {
            keyword == "additionalProperties"
                || keyword.starts_with("x-")
                || ASIDE.contains(&keyword.as_str())
        };
        if is_any && object.iter().all(alone) {
            object.shift_remove("additionalProperties");
            report.adapt(
                context.name,
                at,
                "members of any kind, without a type",
                "any value",
            );
        }
    });
}
