//! Repairs of a document that has the structure of OpenAPI 3.0 already.

use serde_json::{Map, Value, json};

use super::root;
use crate::media;
use crate::openapi::brief;
use crate::openapi::grammar::Kind;
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::{Phase, walk};
use crate::upgrade::note::Notes;
use crate::upgrade::{Context, FormObjects};

/// Completes and corrects everything but the schemas.
pub fn after(document: &mut Value, context: &mut Context) {
    let form_objects = context.form_objects;
    let notes = &mut context.notes;
    if let Value::Object(root) = &mut *document {
        root::document(root, notes);
    }
    walk(
        document,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, kind, at, phase| {
            if phase == Phase::Leave {
                return;
            }
            if kind == Kind::Response
                && let Value::String(text) = value
            {
                notes.add(at, "response", "text", "its description");
                *value = json!({ "description": text });
            }
            let Value::Object(map) = value else { return };
            match kind {
                Kind::PathItem => parameters(map, at, notes),
                Kind::Operation => operation(map, at, notes),
                Kind::Parameter => parameter(map, at, notes),
                Kind::Header => examples(map, at, notes),
                Kind::Responses => statuses(map, at, notes),
                Kind::Response => response(map, at, notes),
                Kind::RequestBody => request_body(map, at, notes),
                Kind::MediaType => {
                    media_type(map, at, notes);
                    form(map, at, form_objects);
                }
                Kind::SecurityScheme => root::security_scheme(map, at, notes),
                _ => {}
            }
        },
    );
}

fn parameters(map: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    if let Some(one) = map.get_mut("parameters").filter(|held| held.is_object()) {
        notes.add(at, "parameters", "an object", "a list of one");
        *one = Value::Array(vec![one.take()]);
    }
    texts(map, at, notes);
}

/// What should be text.
fn texts(map: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    for key in ["summary", "description", "operationId"] {
        let Some(value) = map.get_mut(key).filter(|value| !value.is_string()) else {
            continue;
        };
        let was = brief(value);
        if value.is_number() || value.is_boolean() {
            notes.add(&at.join(&[key]), "text", &*was, &*was);
            *value = json!(was);
        } else {
            notes.add(&at.join(&[key]), "text", was, "left out");
            map.shift_remove(key);
        }
    }
}

fn operation(operation: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    parameters(operation, at, notes);
    if !operation.get("responses").is_some_and(Value::is_object) {
        let was = operation
            .get("responses")
            .map_or_else(|| "nothing".to_owned(), brief);
        notes.add(&at.join(&["responses"]), "responses", was, "none");
        operation.insert("responses".to_owned(), json!({}));
    }
    if let Some(tags) = operation.get_mut("tags") {
        match tags {
            Value::Array(list) if list.iter().all(Value::is_string) => {}
            Value::Array(list) => list.retain(Value::is_string),
            Value::String(_) => *tags = Value::Array(vec![tags.take()]),
            _ => drop(operation.shift_remove("tags")),
        }
    }
    flag(operation, "deprecated", at, notes);
    if let Some(Value::Object(callbacks)) = operation.get_mut("callbacks") {
        callbacks.retain(|name, callback| {
            let refers = callback.get("$ref").is_some();
            if refers {
                let now = "not part of a client; left out";
                notes.add(
                    &at.join(&["callbacks", name]),
                    "shared callback",
                    brief(callback),
                    now,
                );
            }
            !refers
        });
    }
}

/// A flag written as text or number.
fn flag(map: &mut Map<String, Value>, key: &str, at: &Pointer, notes: &mut Notes) {
    let Some(value) = map.get_mut(key).filter(|value| !value.is_boolean()) else {
        return;
    };
    let was = brief(value);
    let now = match value {
        Value::String(text) => text.trim().eq_ignore_ascii_case("true"),
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => false,
    };
    notes.add(&at.join(&[key]), "flag", was, now.to_string());
    *value = json!(now);
}

fn parameter(parameter: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    if parameter.contains_key("$ref") {
        return;
    }
    for key in [
        "required",
        "deprecated",
        "explode",
        "allowEmptyValue",
        "allowReserved",
    ] {
        flag(parameter, key, at, notes);
    }
    texts(parameter, at, notes);
    examples(parameter, at, notes);
    let place = parameter
        .get("in")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let lower = place.trim().to_lowercase();
    if lower != place {
        notes.add(&at.join(&["in"]), "place of a parameter", place, &*lower);
        parameter.insert("in".to_owned(), json!(lower));
    }
    if lower == "path" && parameter.get("required") != Some(&json!(true)) {
        notes.add(
            &at.join(&["required"]),
            "path parameter",
            "not required",
            "required",
        );
        parameter.insert("required".to_owned(), json!(true));
        parameter.insert("x-sixclicks-mark-was-optional".to_owned(), json!(true));
    }
    let styles: &[&str] = match lower.as_str() {
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "path" => &["simple", "label", "matrix"],
        "header" => &["simple"],
        _ => &["form"],
    };
    if let Some(style) = parameter
        .get("style")
        .filter(|style| !styles.iter().any(|known| *style == known))
    {
        notes.add(&at.join(&["style"]), "style", brief(style), "the usual one");
        parameter.shift_remove("style");
    }
    if parameter.contains_key("schema") && parameter.contains_key("content") {
        notes.add(at, "parameter", "schema and content", "schema");
        parameter.shift_remove("content");
    }
}

/// Named examples as a list: the first is the example.
fn examples(map: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    let Some(examples) = map.get("examples").filter(|examples| !examples.is_object()) else {
        return;
    };
    notes.add(
        &at.join(&["examples"]),
        "examples",
        brief(examples),
        "the first as example",
    );
    let examples = map.shift_remove("examples");
    let first = examples
        .as_ref()
        .and_then(Value::as_array)
        .and_then(|list| list.first().cloned());
    if let Some(first) = first {
        map.entry("example").or_insert(first);
    }
}

fn media_type(media_type: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    examples(media_type, at, notes);
    if let Some(Value::Object(encoding)) = media_type.get_mut("encoding") {
        encoding.retain(|_, how| how.is_object());
    }
}

/// Marks a form whose objects are JSON by the version of the document: `json` for those without
/// a style, `only-json` for all.
fn form(media_type: &mut Map<String, Value>, at: &Pointer, objects: FormObjects) {
    let name = at
        .tokens()
        .last()
        .map(|name| media::essence(name))
        .unwrap_or_default();
    let mark = match objects {
        FormObjects::Content if name == "application/x-www-form-urlencoded" => "json",
        FormObjects::Styled if name.starts_with("multipart/") => "only-json",
        _ => return,
    };
    media_type.insert("x-sixclicks-mark-form-objects".to_owned(), json!(mark));
}

/// The keys of responses are three digits, a class such as `4XX`, or `default`.
fn statuses(responses: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    if responses
        .keys()
        .all(|status| status.starts_with("x-") || is_status(status))
    {
        return;
    }
    for (status, response) in std::mem::take(responses) {
        let now = if status.starts_with("x-") {
            status.clone()
        } else {
            plain_status(&status)
        };
        if now != status {
            notes.add(&at.join(&[&status]), "status", &*status, &*now);
        }
        if responses.contains_key(&now) && response.get("content").is_none() {
            notes.add(
                &at.join(&[&status]),
                "status",
                brief(&response),
                "left out: it says nothing",
            );
        } else if responses.contains_key(&now) {
            let was = brief(&response);
            notes.lose(
                &at.join(&[&status]),
                "status",
                was,
                format!("left out: {now} is there already"),
            );
        } else {
            responses.insert(now, response);
        }
    }
}

fn is_status(status: &str) -> bool {
    let bytes = status.as_bytes();
    status == "default"
        || bytes.len() == 3
            && matches!(bytes[0], b'1'..=b'5')
            && (&bytes[1..] == b"XX" || bytes[1..].iter().all(u8::is_ascii_digit))
}

fn plain_status(status: &str) -> String {
    let start: String = status
        .trim()
        .chars()
        .take(3)
        .collect::<String>()
        .to_uppercase();
    let rest = status.trim().chars().nth(3);
    if is_status(&start) && !rest.is_some_and(char::is_alphanumeric) {
        return start;
    }
    match status.trim().to_lowercase().as_str() {
        "ok" | "success" => "200".to_owned(),
        _ => "default".to_owned(),
    }
}

fn response(response: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    schema_in_place(response, at, notes);
    if response.contains_key("$ref") {
        return;
    }
    texts(response, at, notes);
    if !response.contains_key("description") {
        notes.add(
            &at.join(&["description"]),
            "response",
            "no description",
            "an empty one",
        );
        response.insert("description".to_owned(), json!(""));
    }
    if let Some(Value::Object(links)) = response.get_mut("links") {
        let refers = |link: &Value| {
            ["$ref", "operationId", "operationRef"]
                .iter()
                .any(|key| link.get(key).is_some_and(Value::is_string))
        };
        links.retain(|name, link| {
            if !refers(link) {
                notes.add(
                    &at.join(&["links", name]),
                    "link to no operation",
                    brief(link),
                    "left out",
                );
            }
            refers(link)
        });
    }
}

/// A response or body that is a schema is JSON of that schema.
fn schema_in_place(map: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    let target = map.get("$ref").and_then(Value::as_str);
    let schema = if target.is_some_and(|target| target.starts_with("#/components/schemas/")) {
        map.shift_remove("$ref")
            .map(|target| json!({ "$ref": target }))
    } else if !map.contains_key("content") && !map.contains_key("$ref") {
        map.shift_remove("schema")
    } else {
        None
    };
    if let Some(schema) = schema {
        notes.add(
            at,
            "schema in place of content",
            brief(&schema),
            "application/json",
        );
        map.insert(
            "content".to_owned(),
            json!({ "application/json": { "schema": schema } }),
        );
    }
}

fn request_body(body: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    schema_in_place(body, at, notes);
    if body.contains_key("$ref") {
        return;
    }
    texts(body, at, notes);
    flag(body, "required", at, notes);
    if !body.get("content").is_some_and(Value::is_object) {
        let was = body
            .get("content")
            .map_or_else(|| "no content".to_owned(), brief);
        notes.add(
            &at.join(&["content"]),
            "request body",
            was,
            "no media types",
        );
        body.insert("content".to_owned(), json!({}));
    }
}
