//! Request bodies: one kind of body per method. JSON flavours are one; the fields of a
//! form become parameters of the method; a body that can be sent in kinds with different
//! schemas becomes one method for each kind.

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{
    media::{self, Family},
    report::Report,
};

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
        if kinds.is_empty() {
            if body.get("content").is_some() {
                report.adapt(CONSTRUCT, pointer, "a body without a media type", "no body");
            }
            return;
        }
        let listed = body["content"].as_object().map_or(0, serde_json::Map::len);
        if listed > kinds.len() {
            let names: Vec<&str> = kinds.iter().map(|kind| kind.media_type.as_str()).collect();
            report.adapt(
                CONSTRUCT,
                format!("{pointer}/requestBody"),
                format!("{listed} media types"),
                names.join(", "),
            );
        }
        if body["required"] != json!(true) && kinds.iter().any(Kind::needs_fields) {
            report.adapt(
                CONSTRUCT,
                format!("{pointer}/requestBody"),
                "a form that may be left out, with required fields",
                "a form that is always sent",
            );
        }
        let multipart = kinds.iter().any(|kind| kind.family == Family::Multipart);
        let said = |media_type: &String| media::family(media_type, false) == Family::Multipart;
        let listed = body["content"].as_object();
        if multipart && !listed.is_some_and(|content| content.keys().any(said)) {
            report.adapt(
                CONSTRUCT,
                format!("{pointer}/requestBody"),
                "a file in an urlencoded form, which cannot hold one",
                "multipart/form-data",
            );
        }
        let plain = operation.clone();
        for (index, kind) in kinds.iter().enumerate() {
            if index == 0 {
                put(operation, &body, kind, &components);
                continue;
            }
            let mut other = plain.clone();
            let id = other["operationId"].as_str().unwrap_or_default();
            let suffix = match kind.family {
                Family::Json => "json",
                Family::Multipart => "multipart",
                Family::Form => "form",
                Family::Text => "text",
                Family::Binary => "binary",
            };
            other["operationId"] = json!(format!("{}_{suffix}", id.trim_end_matches('_')));
            put(&mut other, &body, kind, &components);
            if operation.get("x-sixclicks-mark-alternatives").is_none() {
                operation["x-sixclicks-mark-alternatives"] = json!([]);
            }
            if let Some(others) = operation
                .get_mut("x-sixclicks-mark-alternatives")
                .and_then(Value::as_array_mut)
            {
                others.push(other);
            }
        }
    });
    Ok(())
}

/// One kind of body that an operation takes.
struct Kind {
    family: Family,
    media_type: String,
    schema: Value,
    encoding: Value,
}

impl Kind {
    /// Whether this is a form that has required fields.
    fn needs_fields(&self) -> bool {
        matches!(self.family, Family::Multipart | Family::Form)
            && self.schema["required"]
                .as_array()
                .is_some_and(|names| !names.is_empty())
    }
}

/// The kinds of body that differ in what can be said with them.
fn kinds(body: &Value, components: &walk::Object) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for (media_type, value) in body["content"].as_object().into_iter().flatten() {
        let schema = value.get("schema").cloned().unwrap_or_else(|| json!({}));
        let mut family = media::family(media_type, is_binary(&schema, components));
        let mut media_type = media_type.as_str();
        if family == Family::Form && has_files(&schema, components) {
            (family, media_type) = (Family::Multipart, "multipart/form-data");
        }
        let known = kinds.iter_mut().find(|kind| kind.family == family);
        match known {
            Some(kind) => {
                let better = media::essence(media_type) == "application/json"
                    || media::is_xml(&kind.media_type) && !media::is_xml(media_type);
                if better && media::essence(&kind.media_type) != "application/json" {
                    kind.media_type = media_type.to_owned();
                    kind.schema = schema;
                }
            }
            None => kinds.push(Kind {
                family,
                media_type: media_type.to_owned(),
                schema,
                encoding: value.get("encoding").cloned().unwrap_or_default(),
            }),
        }
    }
    kinds.sort_by_key(|kind| kind.family);
    if let Some(first) = kinds.first().map(|kind| kind.schema.clone()) {
        let mut index = 0;
        kinds.retain(|kind| {
            index += 1;
            let says_nothing = kind
                .schema
                .as_object()
                .is_some_and(serde_json::Map::is_empty);
            index == 1 || !(kind.schema == first || says_nothing || media::is_xml(&kind.media_type))
        });
    }
    kinds
}

/// Gives an operation its body: `requestBody` for a body that is one value, parameters for
/// the fields of a form.
fn put(operation: &mut Value, body: &Value, kind: &Kind, components: &walk::Object) {
    let required = body["required"] == json!(true);
    let media_type = media::concrete(&kind.media_type, kind.family);
    match kind.family {
        Family::Multipart | Family::Form => {
            let place = if kind.family == Family::Form {
                "form"
            } else {
                "multipart"
            };
            operation["x-sixclicks-mark-form"] = json!(media_type);
            if !required && !kind.needs_fields() {
                operation["x-sixclicks-mark-form-optional"] = json!(true);
            }
            let fields = fields(place, required, kind, components);
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
            request["content"][media_type.as_str()]["schema"] = schema;
            if let Some(text) = body.get("description") {
                request["description"] = text.clone();
            }
            operation["requestBody"] = request;
        }
    }
}

/// The fields of a form as parameters.
fn fields(place: &str, required: bool, kind: &Kind, components: &walk::Object) -> Vec<Value> {
    let schema = follow(&kind.schema, components);
    let Some(properties) = schema["properties"].as_object().filter(|p| !p.is_empty()) else {
        let file = is_binary(&kind.schema, components);
        return vec![json!({
            "name": if file { "file" } else { "fields" },
            "in": place,
            "required": required,
            "schema": kind.schema,
            "x-sixclicks-mark-whole": !file,
            "x-sixclicks-mark-file": if file { json!("one") } else { Value::Null },
        })];
    };
    let names = schema["required"].as_array();
    let mut fields: Vec<Value> = properties
        .iter()
        .map(|(name, property)| {
            // ASP.NET's tools never say that a form itself is required; what a form needs is
            // needed all the same.
            let needed = names.is_some_and(|names| names.contains(&json!(name)));
            let mut field = json!({
                "name": name,
                "in": place,
                "required": needed,
                "schema": property,
            });
            if let Some(text) = property.get("description") {
                field["description"] = text.clone();
            }
            if let Some(encoding) = kind.encoding.get(name) {
                field["x-sixclicks-mark-encoding"] = encoding.clone();
            }
            if let Some(files) = files(property, components) {
                field["x-sixclicks-mark-file"] = json!(files);
            }
            field
        })
        .collect();
    if let Some(rest) = schema
        .get("additionalProperties")
        .filter(|rest| **rest != json!(false))
    {
        fields.push(json!({
            "name": "additional_fields",
            "in": place,
            "required": false,
            "schema": {"type": "object", "additionalProperties": rest},
            "x-sixclicks-mark-whole": true,
        }));
    }
    fields
}

/// Whether a field is one file, or many.
fn files(property: &Value, components: &walk::Object) -> Option<&'static str> {
    if is_binary(property, components) {
        return Some("one");
    }
    let items = &follow(property, components)["items"];
    is_binary(items, components).then_some("many")
}

/// Whether a form has a field that is a file, or is one.
fn has_files(schema: &Value, components: &walk::Object) -> bool {
    let schema = follow(schema, components);
    let properties = schema["properties"].as_object();
    is_binary(&schema, components)
        || properties
            .into_iter()
            .flat_map(|properties| properties.values())
            .any(|property| files(property, components).is_some())
}

/// A schema with its reference followed.
fn follow(schema: &Value, components: &walk::Object) -> Value {
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
