//! Request bodies: one kind of body per method. JSON of one schema is one kind whatever it is
//! called; uploads choose among the media types that the document lists; the fields of a form
//! become parameters of the method. A body that can be sent as kinds with different schemas
//! becomes one method for each kind.

mod fields;
mod kinds;

use serde_json::{Value, json};

use self::kinds::{Kind, kinds};
use super::{LowerError, walk};
use crate::{
    media::{self, Family},
    report::Report,
};
pub use fields::has_files;

const CONSTRUCT: &str = "bodies";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let components = walk::object_at(document, &["components", "schemas"])
        .cloned()
        .unwrap_or_default();
    walk::operations(document, &mut |pointer, _, _, operation| {
        let Some(body) = operation
            .as_object_mut()
            .and_then(|o| o.remove("requestBody"))
        else {
            return;
        };
        let kinds = kinds(&body, &components);
        let pointer = format!("{pointer}/requestBody");
        if kinds.is_empty() {
            if body.get("content").is_some() {
                report.adapt(CONSTRUCT, pointer, "a body without a media type", "no body");
            }
            return;
        }
        tell(&pointer, &body, &kinds, &components, report);
        let plain = operation.clone();
        let mut others = Vec::new();
        for (index, kind) in kinds.iter().enumerate() {
            if index == 0 {
                put(&pointer, operation, &body, kind, &components, report);
                continue;
            }
            let mut other = plain.clone();
            let id = other["operationId"].as_str().unwrap_or_default();
            let suffix = kind.suffix(&kinds[0]);
            other["operationId"] = json!(format!("{}_{suffix}", id.trim_end_matches('_')));
            put(&pointer, &mut other, &body, kind, &components, report);
            others.push(other);
        }
        if !others.is_empty() {
            operation["x-sixclicks-mark-alternatives"] = Value::Array(others);
        }
    });
    Ok(())
}

/// Reports what the kinds of an operation's body make of the document's media types.
fn tell(
    pointer: &str,
    body: &Value,
    kinds: &[Kind],
    components: &walk::Object,
    report: &mut Report,
) {
    let listed = body["content"].as_object();
    let count = listed.map_or(0, serde_json::Map::len);
    if count > kinds.len() {
        let names: Vec<String> = kinds
            .iter()
            .map(|kind| kind.media_types.join(" or "))
            .collect();
        report.adapt(
            CONSTRUCT,
            pointer,
            format!("{count} media types"),
            names.join(", "),
        );
    }
    if body["required"] != json!(true) && kinds.iter().any(|kind| kind.needs_fields(components)) {
        report.adapt(
            CONSTRUCT,
            pointer,
            "a form that may be left out, with required fields",
            "a form that is always sent",
        );
    }
    let multipart = kinds.iter().any(|kind| kind.family == Family::Multipart);
    let is_multipart = |name: &String| media::family(name, false) == Family::Multipart;
    if multipart && !listed.is_some_and(|content| content.keys().any(is_multipart)) {
        report.adapt(
            CONSTRUCT,
            pointer,
            "a file in an urlencoded form, which cannot hold one",
            "multipart/form-data",
        );
    }
    for kind in kinds {
        let is_merge = |name: &String| media::essence(name) == "application/merge-patch+json";
        if !kind.media_types.iter().any(is_merge) {
            continue;
        }
        let nullable = kinds::nullable(&kind.schema, components);
        if !nullable.is_empty() {
            report.lose(
                CONSTRUCT,
                pointer,
                format!(
                    "`null` in a merge patch, which removes `{}`",
                    nullable.join("`, `")
                ),
                "members can be set or left out, but not sent as `null`",
            );
        }
    }
}

/// Gives an operation its body: `requestBody` for a body that is one value, parameters for
/// the fields of a form.
fn put(
    pointer: &str,
    operation: &mut Value,
    body: &Value,
    kind: &Kind,
    components: &walk::Object,
    report: &mut Report,
) {
    let required = body["required"] == json!(true);
    let media_type = media::concrete(kind.media_type(), kind.family);
    match kind.family {
        Family::Multipart | Family::Form => {
            operation["x-sixclicks-mark-form"] = json!(media_type);
            if !required && !kind.needs_fields(components) {
                operation["x-sixclicks-mark-form-optional"] = json!(true);
            }
            let fields = fields::fields(pointer, required, kind, components, report);
            if let Some(parameters) = operation
                .get_mut("parameters")
                .and_then(Value::as_array_mut)
            {
                parameters.extend(fields);
            } else {
                operation["parameters"] = Value::Array(fields);
            }
        }
        family => {
            let (name, schema) = match family {
                Family::Text => ("text", json!({"type": "string"})),
                Family::Binary => ("binary", json!({"type": "string", "format": "binary"})),
                _ => ("json", kind.schema.clone()),
            };
            let mut request =
                json!({"required": required, "x-sixclicks-mark-kind": name, "content": {}});
            let key = match family {
                Family::Binary => kind.media_type(),
                _ => media_type.as_str(),
            };
            request["content"][key]["schema"] = schema;
            if family == Family::Binary && kind.media_types.len() > 1 {
                request["x-sixclicks-mark-media-types"] = json!(kind.media_types);
            }
            if family == Family::Json && is_nullable(&kind.schema, components) {
                let now = match required {
                    true => "`null` is sent where no body is set",
                    false => "left out, which says the same",
                };
                report.adapt(CONSTRUCT, pointer, "a body that may be `null`", now);
                request["required"] = json!(false);
                if required {
                    request["x-sixclicks-mark-null"] = json!(true);
                }
            }
            if let Some(text) = body.get("description") {
                request["description"] = text.clone();
            }
            operation["requestBody"] = request;
        }
    }
}

/// Whether a schema, or the one that it refers to, allows `null`.
fn is_nullable(schema: &Value, components: &walk::Object) -> bool {
    [schema, &follow(schema, components)]
        .iter()
        .any(|schema| schema["nullable"] == json!(true))
}

/// A schema with its reference followed.
pub fn follow(schema: &Value, components: &walk::Object) -> Value {
    let mut schema = schema.clone();
    for _ in 0..32 {
        let inner = schema["allOf"]
            .as_array()
            .and_then(|parts| parts.first())
            .cloned();
        let Some(name) = walk::referenced(inner.as_ref().unwrap_or(&schema)) else {
            break;
        };
        schema = components.get(&name).cloned().unwrap_or_default();
    }
    schema
}

/// Whether a schema is a string of raw bytes.
pub fn is_binary(schema: &Value, components: &walk::Object) -> bool {
    let schema = follow(schema, components);
    schema["type"] == "string" && schema["format"] == "binary"
}

/// Whether content of a media type is raw bytes by its schema: base64 is for JSON, and in other
/// content `format: byte` means the bytes themselves.
pub fn is_raw(media_type: &str, schema: &Value, components: &walk::Object) -> bool {
    if is_binary(schema, components) {
        return true;
    }
    let schema = follow(schema, components);
    let is_json = media::family(media_type, false) == Family::Json;
    !is_json && schema["type"] == "string" && schema["format"] == "byte"
}
