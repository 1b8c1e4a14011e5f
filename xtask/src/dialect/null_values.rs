//! `null` as a value of a map: Microsoft's writer cannot describe it. Responses are read with it
//! anyway; here, requests get a way to send it. What responses hold too stays as it is, so that no
//! loop over a map has to ask for a rare `null`.

use serde_json::{Value, json};

use super::{reach::Reach, table::Context};
use crate::{lower::walk, report::Report};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let reach = Reach::of(document);
    walk::schemas(document, &mut |at, schema| {
        let is_sent = match at.strip_prefix("/components/schemas/") {
            Some(rest) => {
                let name = walk::unescape(rest.split('/').next().unwrap_or_default());
                reach.sent.contains(&name) && !reach.answered.contains(&name)
            }
            None => at.contains("/requestBody/"),
        };
        let Some(values) = schema.get_mut("additionalProperties").filter(|_| is_sent) else {
            return;
        };
        let describes = ["type", "$ref", "allOf", "anyOf", "oneOf"];
        let described = describes
            .iter()
            .any(|keyword| values.get(keyword).is_some());
        if !described || values.get("nullable").is_some() {
            return;
        }
        if values.get("$ref").is_some() {
            *values = json!({"allOf": [values.take()]});
        }
        values["nullable"] = json!(true);
        report.adapt(
            context.name,
            at,
            "values of a map",
            "values that may be `null`",
        );
    });
}
