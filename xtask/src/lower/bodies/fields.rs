//! The fields of a form as parameters: which of them are files, and how objects among them are
//! written.

use serde_json::{Value, json};

use super::{CONSTRUCT, Kind, follow, is_binary, is_nullable};
use crate::{
    lower::{
        constants::{CONSTANT, TAG},
        walk,
    },
    media::{self, Family},
    report::Report,
};

/// A property as a field of a form, where no union fills in a discriminator.
fn in_form(property: &Value) -> Value {
    let mut schema = property.clone();
    if let Some(object) = schema.as_object_mut() {
        object.remove(TAG);
        if let Some(value) = object.remove(CONSTANT) {
            object.insert("enum".to_owned(), json!([value]));
        }
    }
    schema
}

/// The fields of a form as parameters.
pub fn fields(
    pointer: &str,
    required: bool,
    kind: &Kind,
    components: &walk::Object,
    report: &mut Report,
) -> Vec<Value> {
    let place = match kind.family {
        Family::Form => "form",
        _ => "multipart",
    };
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
            // needed all the same. What may be null is a field that is not sent.
            let nullable = is_nullable(property, components);
            let needed = names.is_some_and(|names| names.contains(&json!(name)))
                || property["x-sixclicks-mark-required"] == json!(true);
            if needed && nullable {
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("the field `{name}`, required and nullable"),
                    "a field that is not sent where it is null",
                );
            }
            let mut schema = in_form(property);
            if let Some(schema) = schema.as_object_mut().filter(|_| nullable) {
                schema.remove("nullable");
            }
            let mut field = json!({
                "name": name,
                "in": place,
                "required": needed && !nullable,
                "schema": schema,
            });
            if let Some(text) = property.get("description") {
                field["description"] = text.clone();
            }
            if let Some(encoding) = kind.encoding.get(name) {
                field["x-sixclicks-mark-encoding"] = encoding.clone();
            }
            if let Some(files) = files(property, &kind.encoding[name], components) {
                field["x-sixclicks-mark-file"] = json!(files);
            }
            field
        })
        .collect();
    objects(pointer, &mut fields, kind, components, report);
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
fn files(property: &Value, encoding: &Value, components: &walk::Object) -> Option<&'static str> {
    let is_file = |schema: &Value| {
        is_binary(schema, components) || is_any(schema) && is_of_bytes(&encoding["contentType"])
    };
    if is_file(property) {
        return Some("one");
    }
    let list = follow(property, components);
    let items = list.get("items")?;
    is_file(items).then_some("many")
}

/// Whether a schema says nothing of the value: OpenAPI 3.1 describes files so.
fn is_any(schema: &Value) -> bool {
    const ASIDE: [&str; 4] = ["description", "title", "nullable", "deprecated"];
    let mut keywords = schema
        .as_object()
        .into_iter()
        .flat_map(|schema| schema.keys());
    keywords.all(|keyword| ASIDE.contains(&keyword.as_str()))
}

/// Whether the content type of a part, which may be a list of them, is that of bytes.
fn is_of_bytes(content_type: &Value) -> bool {
    content_type.as_str().is_some_and(|list| {
        list.split(',').all(|name| {
            let bytes = media::family(name, false) == Family::Binary;
            bytes || matches!(&*media::essence(name), "*/*" | "application/*")
        })
    })
}

/// Whether a form has a field that is a file, or is one.
pub fn has_files(schema: &Value, components: &walk::Object) -> bool {
    let schema = follow(schema, components);
    let properties = schema["properties"].as_object();
    is_binary(&schema, components)
        || properties
            .into_iter()
            .flat_map(|properties| properties.values())
            .any(|property| files(property, &Value::Null, components).is_some())
}

/// Decides how objects are written: as the version of the document says, but never so that the
/// members of one are taken for other fields.
fn objects(
    pointer: &str,
    fields: &mut [Value],
    kind: &Kind,
    components: &walk::Object,
    report: &mut Report,
) {
    let members: Vec<Vec<String>> = fields
        .iter()
        .map(|field| match is_flattened(field, kind, components) {
            true => names(&field["schema"], components),
            false => Vec::new(),
        })
        .collect();
    let wires: Vec<Value> = fields.iter().map(|field| field["name"].clone()).collect();
    for (index, field) in fields.iter_mut().enumerate() {
        let Some(encoding) = structure(&field["schema"], components).then(|| {
            field
                .as_object_mut()
                .and_then(|field| field.remove("x-sixclicks-mark-encoding"))
                .unwrap_or_else(|| json!({}))
        }) else {
            continue;
        };
        if encoding.get("x-sixclicks-mark-style").is_some() {
            field["x-sixclicks-mark-encoding"] = encoding;
            continue;
        }
        let styled = is_styled(&encoding);
        let is_list = field["schema"]["type"] == "array";
        if kind.objects == "only-json" && styled && !is_list {
            let named = encoding
                .get("contentType")
                .filter(|named| named.is_string());
            field["x-sixclicks-mark-encoding"] =
                json!({"contentType": named.cloned().unwrap_or_else(|| json!("application/json"))});
            continue;
        }
        if kind.objects == "json" && !styled && encoding.get("contentType").is_none() {
            field["x-sixclicks-mark-by-content"] = json!(true);
            continue;
        }
        let others = || {
            let others = members
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index);
            others.flat_map(|(_, names)| names)
        };
        let taken = members[index]
            .iter()
            .find(|name| wires.contains(&json!(name)) || others().any(|other| other == *name));
        if let Some(name) = taken {
            let own = field["name"].as_str().unwrap_or_default();
            report.adapt(
                CONSTRUCT,
                pointer,
                format!("the member `{name}` of `{own}`, which would be taken for another field"),
                format!("`{own}.{name}`"),
            );
            field["x-sixclicks-mark-style"] = json!("dotted");
        } else if encoding != json!({}) {
            field["x-sixclicks-mark-encoding"] = encoding;
        }
    }
}

/// Whether the members of a field become fields of the form beside it.
fn is_flattened(field: &Value, kind: &Kind, components: &walk::Object) -> bool {
    let encoding = &field["x-sixclicks-mark-encoding"];
    let styled = is_styled(encoding);
    let form = encoding["style"].as_str().unwrap_or("form") == "form"
        && encoding["explode"].as_bool().unwrap_or(true);
    let content = encoding.get("contentType").is_some() && !styled;
    let by_default = kind.family == Family::Form && kind.objects != "json";
    form && !content
        && kind.objects != "only-json"
        && (styled || by_default)
        && follow(&field["schema"], components)["type"] == "object"
        && encoding.get("x-sixclicks-mark-style").is_none()
}

/// Whether an encoding has a style, which goes before its content type.
fn is_styled(encoding: &Value) -> bool {
    ["style", "explode", "x-sixclicks-mark-style"]
        .iter()
        .any(|key| encoding.get(*key).is_some())
}

/// Whether a value may be an object or a list of objects.
fn structure(schema: &Value, components: &walk::Object) -> bool {
    let schema = follow(schema, components);
    match schema["type"].as_str() {
        Some("array") => structure(&schema["items"], components),
        Some("object") => true,
        Some(_) => false,
        None => schema.get("enum").is_none(),
    }
}

/// The names of an object's documented members.
fn names(schema: &Value, components: &walk::Object) -> Vec<String> {
    let schema = follow(schema, components);
    let properties = schema["properties"].as_object();
    properties
        .into_iter()
        .flat_map(|members| members.keys().cloned())
        .collect()
}
