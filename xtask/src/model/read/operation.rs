//! Reads operations from a lowered document. The marks that the passes leave on them end here.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{
    ident,
    lower::{
        paths::{Piece, parse, sent},
        walk,
    },
    model::{
        Answer, Body, Kind, Operation, Parameter, Place, Segment, Status, Type, schema::TypeKind,
    },
};

impl Operation {
    pub(super) fn read(method: &str, path: &str, alternative: bool, value: &Value) -> Self {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let mut parameters: Vec<Parameter> = value["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(Parameter::read)
            .collect();
        let body = Body::read(&value["requestBody"]);
        name(&mut parameters, body.is_some());
        let segments: HashMap<&str, usize> = value["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .filter_map(|(index, p)| Some((p["x-sixclicks-mark-segment"].as_str()?, index)))
            .collect();
        let template = value["x-sixclicks-mark-path"].as_str().unwrap_or(path);
        let pieces = parse(sent(template))
            .into_iter()
            .map(|piece| match piece {
                Piece::Literal(text) => Segment::Literal(text),
                Piece::Parameter { name, .. } => match segments.get(name.as_str()) {
                    Some(index) => Segment::Parameter(*index),
                    None => Segment::Literal(format!("{{{name}}}")),
                },
            })
            .collect();
        let (mut success, errors) = answers(&value["responses"]);
        if method == "head" {
            without_content(&mut success);
        }
        Self {
            id: text("operationId").unwrap_or_default(),
            method: match walk::METHODS.contains(&method) {
                true => method.to_uppercase(),
                false => method.to_owned(),
            },
            path: path.to_owned(),
            pieces,
            tags: value["tags"]
                .as_array()
                .map_or_else(Vec::new, |tags| texts(tags)),
            summary: text("summary"),
            description: text("description"),
            deprecated: value["deprecated"] == Value::Bool(true),
            alternative,
            parameters,
            form: text("x-sixclicks-mark-form"),
            form_optional: value["x-sixclicks-mark-form-optional"] == Value::Bool(true),
            body,
            success,
            errors,
            answers: String::new(),
            failures: String::new(),
            paging: None,
        }
    }
}

/// Gives every parameter a name of its own.
fn name(parameters: &mut [Parameter], body: bool) {
    const RESERVED: [&str; 9] = [
        "send",
        "new",
        "client",
        "stream",
        "next_link",
        "body_map",
        "call",
        "response",
        "self",
    ];
    let mut taken: HashSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    if body {
        taken.insert("body".to_owned());
    }
    let mut order: Vec<usize> = (0..parameters.len()).collect();
    order.sort_by_key(|index| parameters[*index].place as u8);
    for index in order {
        let parameter = &mut parameters[index];
        let plain = ident::snake_name(&parameter.wire);
        let plain = if ident::is_keyword(&plain) {
            format!("{plain}_")
        } else {
            plain
        };
        let suffix = match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
            Place::Cookie => "cookie",
            Place::Form | Place::Multipart => "field",
        };
        let mut candidate = plain.clone();
        let mut number = 1;
        while !taken.insert(candidate.clone()) {
            let base = format!("{}_{suffix}", plain.trim_end_matches('_'));
            candidate = if number == 1 {
                base
            } else {
                format!("{base}_{number}")
            };
            number += 1;
        }
        parameter.rust = candidate;
    }
}

impl Parameter {
    fn read(value: &Value) -> Self {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        let place = match value["in"].as_str() {
            Some("path") => Place::Path,
            Some("header") => Place::Header,
            Some("cookie") => Place::Cookie,
            Some("form") => Place::Form,
            Some("multipart") => Place::Multipart,
            _ => Place::Query,
        };
        let encoding = &value["x-sixclicks-mark-encoding"];
        let style = text("style")
            .or_else(|| encoding["style"].as_str().map(str::to_owned))
            .unwrap_or_else(|| match place {
                Place::Path | Place::Header => "simple".to_owned(),
                _ => "form".to_owned(),
            });
        let marked = |key: &str| {
            let marked = value[key].as_str().or_else(|| encoding[key].as_str());
            marked.map(str::to_owned)
        };
        let bound = marked("x-sixclicks-mark-style");
        let style = bound
            .clone()
            .or_else(|| marked("x-sixclicks-mark-collection-format"))
            .unwrap_or(style);
        let explode = value["explode"]
            .as_bool()
            .or_else(|| encoding["explode"].as_bool())
            .unwrap_or(style == "form" || style == "deepObject");
        let is_file = value["x-sixclicks-mark-file"].is_string();
        let content_type = text("x-sixclicks-mark-content-type").or_else(|| {
            let named = encoding["contentType"].as_str()?;
            (is_file || !named.contains(['*', ','])).then(|| named.to_owned())
        });
        let content_type = content_type.filter(|_| bound.is_none());
        Self {
            wire: text("name").unwrap_or_default(),
            rust: String::new(),
            place,
            style,
            explode,
            required: value["required"] == Value::Bool(true),
            ty: Type::read(&value["schema"]),
            description: text("description"),
            content_type,
            catch_all: value["x-sixclicks-mark-catch-all"] == Value::Bool(true),
            reserved: value["allowReserved"] == Value::Bool(true),
            files: value["x-sixclicks-mark-file"]
                .as_str()
                .map(|kind| kind == "many"),
            whole: value["x-sixclicks-mark-whole"] == Value::Bool(true),
            styled: bound.is_some()
                || encoding.get("style").is_some()
                || encoding.get("explode").is_some(),
            by_content: value["x-sixclicks-mark-by-content"] == Value::Bool(true),
        }
    }
}

impl Body {
    fn read(value: &Value) -> Option<Self> {
        let (media_type, content) = value["content"].as_object()?.iter().next()?;
        Some(Self {
            kind: match value["x-sixclicks-mark-kind"].as_str() {
                Some("text") => Kind::Text,
                Some("binary") => Kind::Binary,
                _ => Kind::Json,
            },
            nullable: value["x-sixclicks-mark-null"] == Value::Bool(true),
            media_types: value["x-sixclicks-mark-media-types"]
                .as_array()
                .map_or_else(|| vec![media_type.clone()], |listed| texts(listed)),
            media_type: media_type.clone(),
            required: value["required"] == Value::Bool(true),
            ty: Type::read(&content["schema"]),
            description: value["description"].as_str().map(str::to_owned),
        })
    }
}

/// The texts in a list.
fn texts(list: &[Value]) -> Vec<String> {
    let texts = list.iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

/// Takes the content from answers to `HEAD`, which have none whatever the document says.
fn without_content(success: &mut Vec<Answer>) {
    for answer in success.iter_mut() {
        answer.kind = Kind::Empty;
        answer.media_types.clear();
    }
    success.dedup_by_key(|answer| answer.status);
}

/// The documented answers, successes and failures apart. What `default` means follows
/// from what is documented beside it.
fn answers(responses: &Value) -> (Vec<Answer>, Vec<Answer>) {
    let mut success = Vec::new();
    let mut errors = Vec::new();
    let mut redirects = Vec::new();
    let mut fallback = Vec::new();
    for (key, response) in responses.as_object().into_iter().flatten() {
        let status = if let Ok(code) = key.parse::<u16>() {
            Status::Code(code)
        } else if key == "default" {
            Status::Default
        } else {
            Status::Range(key[..1].parse().unwrap_or_default())
        };
        let list = match status {
            Status::Default => &mut fallback,
            Status::Code(code) if (200..300).contains(&code) => &mut success,
            Status::Range(2) => &mut success,
            Status::Code(100..=399) | Status::Range(1 | 3) => &mut redirects,
            _ => &mut errors,
        };
        list.extend(Answer::all(status, response));
    }
    // A redirect is followed, so that it is an answer only where there is no other.
    if success.is_empty() && fallback.is_empty() {
        success = redirects;
    } else {
        errors.extend(redirects);
    }
    if success.is_empty() {
        success.extend(fallback.iter().cloned());
    }
    errors.extend(fallback);
    (success, errors)
}

impl Answer {
    fn all(status: Status, response: &Value) -> Vec<Self> {
        let description = response["description"].as_str().map(str::to_owned);
        let bare = |kind| Self {
            status,
            kind,
            ty: Type::new(TypeKind::Any),
            is_described: false,
            media_types: Vec::new(),
            description: description.clone(),
            enveloped: false,
        };
        let Some(content) = response["content"].as_object() else {
            let empty = match status {
                Status::Code(code) => matches!(code, 100..=199 | 204 | 205 | 300..=399),
                Status::Range(hundred) => hundred == 3 || hundred == 1,
                Status::Default => false,
            };
            return vec![bare(if empty { Kind::Empty } else { Kind::Any })];
        };
        content
            .iter()
            .map(|(media_type, value)| Self {
                kind: match media_type.as_str() {
                    "application/json" => Kind::Json,
                    "text/plain" => Kind::Text,
                    _ => Kind::Binary,
                },
                ty: Type::read(&value["schema"]),
                is_described: is_described(&value["schema"]),
                media_types: value["x-sixclicks-mark-media-types"]
                    .as_array()
                    .map_or_else(Vec::new, |listed| texts(listed)),
                ..bare(Kind::Any)
            })
            .collect()
    }
}

/// Whether a schema says more of a value than its description.
fn is_described(schema: &Value) -> bool {
    schema
        .as_object()
        .is_some_and(|schema| schema.keys().any(|key| key != "description"))
}
