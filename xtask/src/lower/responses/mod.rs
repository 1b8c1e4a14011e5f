//! Responses: every documented status keeps one body, or one for each kind of content
//! that has to be told apart. JSON flavours are one, and text or XML that says the same
//! as the JSON beside it is that JSON.

mod accept;
mod versions;

use serde_json::{Value, json};

use super::{LowerError, bodies::is_raw, walk};
use crate::{
    media::{self, Family},
    report::Report,
};

const CONSTRUCT: &str = "responses";

/// The pass: afterwards `content` holds at most one entry each for `application/json`,
/// `text/plain` and `application/octet-stream`, with the media types that it stands for
/// in `x-sixclicks-mark-media-types`.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let components = walk::object_at(document, &["components", "schemas"])
        .cloned()
        .unwrap_or_default();
    walk::operations(document, &mut |pointer, _, _, operation| {
        versions::split(pointer, operation, report);
        let responses = match operation.get_mut("responses").map(Value::take) {
            Some(Value::Object(responses)) => responses,
            _ => walk::Object::new(),
        };
        let mut now = walk::Object::new();
        for (status, response) in responses {
            if status.starts_with("x-") || !response.is_object() {
                continue;
            }
            let pointer = format!("{pointer}/responses/{}", walk::escape(&status));
            let key = known_status(&status);
            if key != status {
                report.adapt(
                    CONSTRUCT,
                    &pointer,
                    format!("the status `{status}`"),
                    format!("`{key}`"),
                );
            }
            let lowered = one(&pointer, &response, &components, report);
            now.entry(key).or_insert(lowered);
        }
        untyped_errors(pointer, &now, report);
        operation["responses"] = Value::Object(now);
        accept::offer(pointer, operation, report);
    });
    Ok(())
}

/// Says of errors that are not JSON, beside errors that are, how to read them: a typed error is
/// JSON, and every error keeps the whole response.
fn untyped_errors(pointer: &str, responses: &walk::Object, report: &mut Report) {
    let errors = || {
        responses
            .iter()
            .filter(|(status, _)| !status.starts_with(['1', '2']))
    };
    let is_json = |response: &Value| response["content"].get("application/json").is_some();
    if !errors().any(|(_, response)| is_json(response)) {
        return;
    }
    for (status, response) in errors().filter(|(_, response)| !is_json(response)) {
        let content = response["content"].as_object();
        if let Some(media_type) = content.and_then(|content| content.keys().next()) {
            report.adapt(
                CONSTRUCT,
                format!("{pointer}/responses/{}", walk::escape(status)),
                format!("an error of `{media_type}` beside errors in JSON"),
                "an error without a type, which keeps the whole response",
            );
        }
    }
}

/// A status as a number, a range such as `4XX`, or `default`.
fn known_status(status: &str) -> String {
    let status = status.trim();
    let number = status
        .parse::<u16>()
        .is_ok_and(|code| (100..=599).contains(&code));
    let range = status.len() == 3
        && status.as_bytes()[0].is_ascii_digit()
        && status[1..].eq_ignore_ascii_case("xx");
    if number || status == "default" {
        status.to_owned()
    } else if range {
        status.to_uppercase()
    } else {
        "default".to_owned()
    }
}

fn one(pointer: &str, response: &Value, components: &walk::Object, report: &mut Report) -> Value {
    let mut content = walk::Object::new();
    let listed = response["content"].as_object();
    for (media_type, value) in listed.into_iter().flatten() {
        let schema = value.get("schema").cloned();
        let raw = schema
            .as_ref()
            .is_some_and(|s| is_raw(media_type, s, components));
        let key = match media::family(media_type, raw) {
            Family::Json => "application/json",
            Family::Text | Family::Form => "text/plain",
            Family::Multipart | Family::Binary => "application/octet-stream",
        };
        let described = schema.is_some();
        let schema = match key {
            "application/json" => schema.unwrap_or_else(|| json!({})),
            "text/plain" => json!({"type": "string"}),
            _ => json!({"type": "string", "format": "binary"}),
        };
        let original = value.get("schema").cloned().unwrap_or_default();
        match content.get_mut(key) {
            Some(known) => {
                if let Some(names) = known
                    .get_mut("x-sixclicks-mark-media-types")
                    .and_then(Value::as_array_mut)
                {
                    names.push(json!(media_type));
                }
                let exact = media::essence(media_type) == "application/json";
                let json = key == "application/json" && described;
                if json
                    && known["schema"] != json!({})
                    && known["x-sixclicks-mark-original"] != original
                {
                    report.lose(
                        CONSTRUCT,
                        format!("{pointer}/content/{}", walk::escape(media_type)),
                        "JSON of a flavour and a schema of its own",
                        "read by the other, which is `application/json` where that is described",
                    );
                }
                if json && (exact || known["schema"] == json!({})) {
                    known["schema"] = schema;
                    known["x-sixclicks-mark-original"] = original;
                }
            }
            None => {
                content.insert(
                    key.to_owned(),
                    json!({"schema": schema, "x-sixclicks-mark-media-types": [media_type], "x-sixclicks-mark-original": original}),
                );
            }
        }
    }
    same_as_json(&mut content);
    for entry in content.values_mut() {
        if let Some(entry) = entry.as_object_mut() {
            entry.remove("x-sixclicks-mark-original");
        }
    }
    let count = listed.map_or(0, serde_json::Map::len);
    if count > content.len() {
        report.adapt(
            CONSTRUCT,
            format!("{pointer}/content"),
            format!("{count} media types"),
            content.keys().cloned().collect::<Vec<_>>().join(", "),
        );
    }
    let mut lowered = json!({"description": response["description"].as_str().unwrap_or_default()});
    if !content.is_empty() {
        lowered["content"] = Value::Object(content);
    }
    lowered
}

/// Drops text that has the JSON's own schema, or none: the client asks for JSON. A string is the
/// same as text and as JSON, whichever the server prefers; a stream of items is something else.
fn same_as_json(content: &mut walk::Object) {
    let Some(json) = content
        .get("application/json")
        .map(|entry| entry["x-sixclicks-mark-original"].clone())
    else {
        return;
    };
    let text = content.get("text/plain");
    if is_text(&json) && text.is_some_and(|text| text["x-sixclicks-mark-original"] == json) {
        content.remove("application/json");
        content["text/plain"]["x-sixclicks-mark-media-types"] =
            json!(["application/json", "text/plain;q=0.9"]);
        return;
    }
    for key in ["text/plain", "application/octet-stream"] {
        let same = content.get(key).is_some_and(|entry| {
            let original = &entry["x-sixclicks-mark-original"];
            let xml = entry["x-sixclicks-mark-media-types"]
                .as_array()
                .is_some_and(|names| names.iter().all(|n| n.as_str().is_some_and(media::is_xml)));
            *original == json || original.is_null() || xml
        });
        if !same {
            continue;
        }
        let names = content[key].get_mut("x-sixclicks-mark-media-types");
        let names = names.and_then(Value::as_array_mut);
        let streams = names.map_or(0, |names| {
            names.retain(|name| name.as_str().is_some_and(media::is_stream));
            names.len()
        });
        if streams == 0 {
            content.remove(key);
        }
    }
}

/// Whether a schema is that of any text.
fn is_text(schema: &Value) -> bool {
    const OTHER: [&str; 4] = ["format", "enum", "x-enum-varnames", "allOf"];
    schema["type"] == "string" && !OTHER.iter().any(|keyword| schema.get(*keyword).is_some())
}
