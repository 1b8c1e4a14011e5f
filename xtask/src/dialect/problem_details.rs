//! Problem details: ASP.NET sends `traceId` and whatever else an application adds, and its types
//! hold these. Microsoft's writer leaves that out, and settings of the others close the objects.

use serde_json::{Value, json};

use super::table::Context;
use crate::{lower::walk, report::Report};

/// The types of ASP.NET, by the names that the writers give them.
const NAMES: [&str; 3] = [
    "ProblemDetails",
    "ValidationProblemDetails",
    "HttpValidationProblemDetails",
];

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let components = walk::object_at(document, &["components", "schemas"]);
    for (name, schema) in components.into_iter().flatten() {
        let has = |member: &str| schema["properties"].get(member).is_some();
        let is_problem = NAMES.contains(&name.rsplit('.').next().unwrap_or_default())
            && ["title", "status", "detail"].into_iter().all(has);
        let closed = matches!(
            schema.get("additionalProperties"),
            None | Some(Value::Bool(false))
        );
        if is_problem && closed {
            schema["additionalProperties"] = json!({});
            let at = format!("/components/schemas/{}", walk::escape(name));
            report.adapt(
                context.name,
                &at,
                "problem details without other members",
                "problem details with other members",
            );
        }
    }
}
