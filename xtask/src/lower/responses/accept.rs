//! The choice among the media types of a success: where they differ in more than their names,
//! the operation gets an optional header parameter `Accept`.

use serde_json::{Value, json};

use super::CONSTRUCT;
use crate::{media, report::Report};

/// Adds the parameter to an operation whose responses are lowered.
pub fn offer(pointer: &str, operation: &mut Value, report: &mut Report) {
    let mut names: Vec<String> = Vec::new();
    let responses = operation["responses"].as_object();
    for (status, response) in responses.into_iter().flatten() {
        if status.starts_with('2') {
            names.extend(choices(response).into_iter().map(str::to_owned));
        }
    }
    names.dedup();
    let parameters = operation["parameters"].as_array();
    let known = parameters.into_iter().flatten().any(|parameter| {
        let name = parameter["name"].as_str().unwrap_or_default();
        parameter["in"] == "header" && name.eq_ignore_ascii_case("accept")
    });
    if names.is_empty() || known {
        return;
    }
    report.adapt(
        CONSTRUCT,
        format!("{pointer}/responses"),
        format!("a success as {}", names.join(" or ")),
        "the header `Accept` chooses, as an optional parameter",
    );
    let parameter = json!({
        "name": "Accept",
        "in": "header",
        "required": false,
        "schema": {"type": "string"},
        "description": format!("The wanted media type: `{}`.", names.join("`, `")),
    });
    match operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    {
        Some(parameters) => parameters.push(parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}

/// The media types and ranges that a caller has to choose among: none where there is one, or the
/// same under several names.
fn choices(response: &Value) -> Vec<&str> {
    let content = response["content"].as_object();
    let mut names: Vec<&str> = Vec::new();
    let mut differ = false;
    for (kind, entry) in content.into_iter().flatten() {
        differ |= !names.is_empty();
        let listed = entry["x-sixclicks-mark-media-types"].as_array();
        let listed = listed.into_iter().flatten().filter_map(Value::as_str);
        let listed: Vec<&str> = match kind.as_str() {
            "application/json" => listed.take(1).collect(),
            _ => listed.collect(),
        };
        let same = listed.contains(&"application/json") || listed.iter().all(|n| media::is_xml(n));
        let narrow = |name: &&str| name.contains('*') && !matches!(*name, "*/*" | "application/*");
        differ |= !same && listed.len() > 1 || listed.iter().any(narrow);
        names.extend(listed);
    }
    match differ {
        true => names,
        false => Vec::new(),
    }
}
