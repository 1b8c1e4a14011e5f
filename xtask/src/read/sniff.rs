//! Tells OpenAPI documents from everything else, and says what the rest looks like.
use super::{Note, Origin, ReadError};
use serde_json::{Map, Value};

/// Checks that `value` is a document of a supported version, and writes the version as the
/// specification does: a string, with its minor number.
pub(super) fn check(
    origin: &Origin,
    value: &mut Value,
    notes: &mut Vec<Note>,
) -> Result<(), ReadError> {
    let Some(object) = value.as_object_mut() else {
        return Err(not_openapi(origin, value));
    };
    for (field, pointer) in [("openapi", "/openapi"), ("swagger", "/swagger")] {
        let Some(version) = object.get_mut(field) else {
            continue;
        };
        let found = match &*version {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            other => return Err(unsupported(origin, pointer, other.to_string())),
        };
        let Some(normal) = supported(field, &found) else {
            return Err(unsupported(origin, pointer, found));
        };
        if *version != Value::String(normal.clone()) {
            let now = format!("read as \"{normal}\"");
            notes.push(Note::adapted(pointer, version.to_string(), now));
            *version = Value::String(normal);
        }
        return Ok(());
    }
    match object.get("swaggerVersion").and_then(Value::as_str) {
        Some(version) => Err(unsupported(origin, "/swaggerVersion", version.to_owned())),
        None => Err(not_openapi(origin, value)),
    }
}

/// `found` as the specification writes it, if this pipeline reads it.
fn supported(field: &str, found: &str) -> Option<String> {
    let mut numbers = found.split('.');
    let (major, minor) = (numbers.next()?, numbers.next());
    match (field, major, minor) {
        // Some write `openapi: "2.0"` or `swagger: "3.0.0"`; the number says what is meant.
        (_, "2", None | Some("0")) => (field == "swagger").then(|| "2.0".to_owned()),
        ("openapi", "3", None) => Some("3.0".to_owned()),
        ("openapi", "3", Some("0" | "1" | "2")) => Some(found.to_owned()),
        _ => None,
    }
}

fn unsupported(origin: &Origin, pointer: &'static str, found: String) -> ReadError {
    let found = if found.is_empty() {
        "\"\"".to_owned()
    } else {
        found
    };
    ReadError::UnsupportedVersion {
        origin: origin.clone(),
        pointer,
        found,
    }
}

fn not_openapi(origin: &Origin, value: &Value) -> ReadError {
    let (looks_like, hint) = looks_like(value);
    ReadError::NotOpenApi {
        origin: origin.clone(),
        looks_like,
        hint,
    }
}

/// What a parsed value is, when it is no OpenAPI document, and what to do.
fn looks_like(value: &Value) -> (&'static str, &'static str) {
    const GIVE_ANOTHER: &str = "give the OpenAPI document of the API instead";
    const EXPORT: &str = "export or convert it to OpenAPI first";
    const PART: &str = "give the document that refers to it; it is read along with that";
    let object = match value {
        Value::Object(object) => object,
        Value::String(text) => return looks_like_text(text),
        Value::Array(_) => return ("a list", GIVE_ANOTHER),
        _ => return ("a single value", GIVE_ANOTHER),
    };
    let has = |key: &str| object.contains_key(key);
    if has("asyncapi") {
        (
            "an AsyncAPI document",
            "AsyncAPI is not supported; give an OpenAPI document",
        )
    } else if is_postman(object) {
        ("a Postman collection", EXPORT)
    } else if has("_type") && has("resources") {
        ("an Insomnia export", EXPORT)
    } else if has("log") && value.pointer("/log/entries").is_some() {
        ("an HTTP archive (HAR)", GIVE_ANOTHER)
    } else if has("overlay") && has("actions") {
        (
            "an OpenAPI Overlay",
            "put overlays into openapi/overlays/ and give the document",
        )
    } else if has("arazzo") {
        ("an Arazzo description", GIVE_ANOTHER)
    } else if value.pointer("/data/__schema").is_some() || has("__schema") {
        (
            "a GraphQL schema",
            "GraphQL is not supported; give an OpenAPI document",
        )
    } else if has("discoveryVersion") {
        ("a Google API discovery document", EXPORT)
    } else if has("$schema") || (has("type") && has("properties")) {
        ("a JSON Schema", PART)
    } else if has("paths") || has("components") || has("definitions") {
        (
            "an OpenAPI document whose version is missing",
            "add `\"openapi\": \"3.0.3\"` or `\"swagger\": \"2.0\"`",
        )
    } else if has("error") || has("errors") || (has("title") && has("status")) {
        (
            "an error message of a server",
            "open the address in a browser, log in, and save the document",
        )
    } else if object.is_empty() {
        ("an empty object", GIVE_ANOTHER)
    } else {
        ("some other object", GIVE_ANOTHER)
    }
}

fn is_postman(object: &Map<String, Value>) -> bool {
    let info = object.get("info");
    object.contains_key("item") && info.is_some_and(|info| info.get("_postman_id").is_some())
        || info
            .and_then(|info| info.get("schema"))
            .and_then(Value::as_str)
            .is_some_and(|schema| schema.contains("postman"))
}

/// What a text is that a YAML parser takes for one long string, or not at all.
pub(super) fn looks_like_text(text: &str) -> (&'static str, &'static str) {
    let start = text.trim_start();
    let begins = |words: &[&str]| {
        words.iter().any(|word| {
            start
                .get(..word.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
        })
    };
    if begins(&["<!doctype html", "<html"]) {
        (
            "an HTML page",
            "give the URL of the page itself, or save the document it shows",
        )
    } else if begins(&["<"]) {
        (
            "XML",
            "give the OpenAPI document instead; WSDL and WADL are not supported",
        )
    } else if begins(&["#%RAML"]) {
        ("a RAML document", "convert it to OpenAPI first")
    } else if begins(&[
        "type query",
        "schema {",
        "extend type",
        "\"\"\"",
        "directive @",
    ]) {
        (
            "a GraphQL schema",
            "GraphQL is not supported; give an OpenAPI document",
        )
    } else if begins(&["syntax = \"proto", "syntax=\"proto"]) {
        (
            "a protocol buffers file",
            "give an OpenAPI document instead",
        )
    } else {
        ("plain text", "give the OpenAPI document, as JSON or YAML")
    }
}

/// Whether `text` is something other than JSON or YAML by its first words.
pub(super) fn is_foreign(text: &str) -> bool {
    looks_like_text(text).0 != "plain text"
}
