//! The arguments by which typed code makes a recorded request, from what a reader of the
//! document makes of it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json, value::RawValue};
use sixclicks_sandbox::{Operation as Received, Part, Reading, parts};

use crate::{
    media::{Family, essence, family},
    model::{Kind, Operation, Parameter},
    wire::{
        arguments::{as_taken, documented, place},
        exchange::Sent,
        process::{Values, raw},
    },
};

/// The method that sends bodies of the media type that a request has, among those that stand
/// for one operation.
pub fn method<'a, T>(
    methods: &'a [(T, &'a Operation)],
    sent: &Sent,
) -> Option<&'a (T, &'a Operation)> {
    let actual = essence(sent.header("content-type"));
    if sent.body.is_empty() {
        let mut all = methods.iter();
        return all.find(|(_, own)| !own.alternative).or(methods.first());
    }
    let media_type = |own: &Operation| {
        let body = own.body.as_ref().map(|body| body.media_type.clone());
        own.form.clone().or(body).map(|own| essence(&own))
    };
    let exact = methods
        .iter()
        .find(|(_, own)| media_type(own).as_ref() == Some(&actual));
    exact.or_else(|| {
        let wanted = family(&actual, false);
        let alike = |(_, own): &&(T, &Operation)| {
            media_type(own).is_some_and(|own| family(&own, false) == wanted)
        };
        methods.iter().find(alike).or(methods.first())
    })
}

/// The values of the setters.
///
/// # Errors
///
/// If no setter takes a part of the request.
pub fn arguments(
    own: &Operation,
    received: &Received,
    reading: &Reading,
    sent: &Sent,
) -> Result<Values, String> {
    let mut values = Values::new();
    for parameter in &own.parameters {
        let Some(at) = place(parameter.place) else {
            continue;
        };
        let name = documented(parameter, at, received).map_or(&parameter.wire, |d| &d.name);
        let read = reading.values.get(at.name()).and_then(|of| of.get(name));
        // An empty value stands for nothing, unless it has to be there.
        if let Some(value) = read.filter(|value| **value != "" || parameter.required) {
            let value = as_taken(&parameter.ty, value.clone());
            values.insert(parameter.rust.clone(), raw(&value));
        }
    }
    if sent.body.is_empty() || received.body.is_none() {
        return Ok(values);
    }
    match (&own.body, &own.form) {
        (Some(body), _) => {
            values.insert("body".to_owned(), whole(body.kind, sent)?);
        }
        (None, Some(_)) => form(own, reading, sent, &mut values)?,
        (None, None) => {
            let media_type = sent.header("content-type");
            return Err(format!("no method sends a body of `{media_type}`"));
        }
    }
    Ok(values)
}

/// A body that is one value.
fn whole(kind: Kind, sent: &Sent) -> Result<Box<RawValue>, String> {
    let text = std::str::from_utf8(&sent.body);
    let json = text
        .ok()
        .and_then(|text| serde_json::from_str::<&RawValue>(text).ok());
    let is_json = family(sent.header("content-type"), false) == Family::Json;
    Ok(match (kind, text, json) {
        (Kind::Text, Ok(text), _) => raw(&text.into()),
        (Kind::Binary | Kind::Text, ..) => raw(&json!({
            "base64": STANDARD.encode(&sent.body),
            "contentType": sent.header("content-type"),
        })),
        (_, _, Some(json)) if is_json => json.to_owned(),
        (_, Ok(text), _) if !is_json => raw(&text.into()),
        _ => return Err("the body is not JSON".to_owned()),
    })
}

/// The fields of a form, each to its setter.
fn form(
    own: &Operation,
    reading: &Reading,
    sent: &Sent,
    values: &mut Values,
) -> Result<(), String> {
    let content_type = sent.header("content-type");
    let parts = match content_type.starts_with("multipart/") {
        true => parts(content_type, &sent.body)?,
        false => Vec::new(),
    };
    let mut fields = match reading.values.get("body") {
        Some(Value::Object(fields)) => fields.clone(),
        _ => Map::new(),
    };
    let own = own.parameters.iter();
    let form = own.filter(|parameter| place(parameter.place).is_none());
    let (wholes, single): (Vec<&Parameter>, Vec<_>) = form.partition(|field| field.whole);
    for field in single {
        let named = |part: &&Part| part.name.eq_ignore_ascii_case(&field.wire);
        let mut files = parts.iter().filter(named).map(file);
        let value = match field.files {
            Some(false) => files.next(),
            Some(true) => {
                let files: Vec<Value> = files.collect();
                (!files.is_empty()).then(|| files.into())
            }
            None => fields
                .get(&field.wire)
                .filter(|value| **value != "" || field.required)
                .map(|value| as_taken(&field.ty, value.clone())),
        };
        fields.remove(&field.wire);
        if let Some(value) = value {
            values.insert(field.rust.clone(), raw(&value));
        }
    }
    for field in wholes {
        let rest = Value::Object(std::mem::take(&mut fields));
        if field.required || rest != json!({}) {
            values.insert(field.rust.clone(), raw(&rest));
        }
    }
    Ok(())
}

fn file(part: &Part) -> Value {
    json!({
        "base64": STANDARD.encode(&part.bytes),
        "fileName": part.file_name,
        "contentType": part.content_type,
    })
}
