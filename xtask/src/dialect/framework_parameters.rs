//! Parameters that the framework fills in by itself and that leak into documents: cancellation
//! tokens, which old writers take apart into their properties, and OData's query options.

use serde_json::Value;

use super::table::Context;
use crate::{lower::walk, report::Report};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    walk::operations(document, &mut |at, _, _, operation| {
        let list = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        if let Some(list) = list {
            let mut index = 0;
            list.retain(|parameter| {
                let leaks = leaks(parameter);
                if leaks {
                    let name = parameter["name"].as_str().unwrap_or_default();
                    let was = format!("the framework's own parameter `{name}`");
                    let place = format!("{at}/parameters/{index}");
                    report.adapt(context.name, place, was, "not a parameter of the operation");
                }
                index += 1;
                !leaks
            });
        }
        let content = operation["requestBody"]["content"].as_object();
        let in_body = content
            .is_some_and(|content| content.values().any(|value| is_framework(&value["schema"])));
        if in_body && let Some(operation) = operation.as_object_mut() {
            let place = format!("{at}/requestBody");
            report.adapt(context.name, place, "a type of the framework", "no body");
            operation.shift_remove("requestBody");
        }
    });
}

fn leaks(parameter: &Value) -> bool {
    const TOKEN: [&str; 3] = [
        "IsCancellationRequested",
        "CanBeCanceled",
        "CancellationToken",
    ];
    let name = parameter["name"].as_str().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    let of_token = parameter["in"] == "query"
        && (name.contains("WaitHandle.")
            || TOKEN[..2].contains(&last)
            || name.to_ascii_lowercase().starts_with("cancellationtoken."));
    of_token || is_framework(&parameter["schema"])
}

fn is_framework(schema: &Value) -> bool {
    let inner = schema["allOf"].as_array().and_then(|parts| parts.first());
    let named = walk::referenced(inner.unwrap_or(schema)).unwrap_or_default();
    let short = named.rsplit('.').next().unwrap_or_default();
    short == "CancellationToken" || short.contains("ODataQueryOptions")
}
