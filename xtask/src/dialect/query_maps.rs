//! Maps in the query: `labels[a]=b` binds, where the documents say `a=b`.

use serde_json::{Value, json};

use super::{table::Context, tool};
use crate::report::Report;

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let schemas = tool::schemas(document);
    tool::parameters(document, &mut |at, parameter| {
        if parameter["in"] == "query"
            && parameter.get("x-sixclicks-mark-style").is_none()
            && tool::is_map(&parameter["schema"], &schemas)
        {
            let name = parameter["name"].as_str().unwrap_or_default();
            let now = format!("`{name}[key]=value`");
            report.adapt(
                context.name,
                at,
                "a map whose keys are names of their own",
                now,
            );
            parameter["x-sixclicks-mark-style"] = json!("keyed");
        }
    });
}
