//! Lists of objects in the query: `ranges[0].low=3` binds, and no style of OpenAPI writes that.

use serde_json::{Value, json};

use super::{table::Context, tool};
use crate::report::Report;

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let schemas = tool::schemas(document);
    tool::parameters(document, &mut |at, parameter| {
        if parameter["in"] == "query"
            && parameter.get("x-sixclicks-mark-style").is_none()
            && tool::is_list_of_objects(&parameter["schema"], &schemas)
        {
            let name = parameter["name"].as_str().unwrap_or_default();
            let now = format!("`{name}[0].member=value`");
            report.adapt(context.name, at, "a list of objects", now);
            parameter["x-sixclicks-mark-style"] = json!("dotted");
        }
    });
}
