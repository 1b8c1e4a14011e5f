//! What came of a call, as one line of JSON.

use std::fmt::Debug;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderValue};
use serde::Serialize;
use serde_json::{json, value::RawValue};
use sixclicks_core::{AnyBody, ByteStream, Error};

/// JSON text.
pub type Told = Box<RawValue>;

/// What a response was read as.
#[derive(Serialize)]
struct Read<'a> {
    ok: bool,
    status: u16,
    variant: &'a str,
    value: Told,
    headers: Vec<(&'a str, String)>,
}

/// What an error keeps of a response.
#[derive(Serialize)]
struct Failed<'a> {
    ok: bool,
    status: Option<u16>,
    variant: &'a str,
    value: Told,
    kind: String,
    message: &'a str,
    details: Option<&'a str>,
    code: Option<&'a str>,
    validation: Vec<String>,
    headers: Vec<(&'a str, String)>,
    body: String,
}

fn told(value: &impl Serialize) -> Told {
    serde_json::value::to_raw_value(value)
        .unwrap_or_else(|error| unset(&format!("it cannot be written as JSON: {error}")))
}

/// A call that could not be made.
pub(crate) fn unset(why: &str) -> Told {
    told(&json!({"unset": why}))
}

/// A success.
pub fn read(status: u16, headers: &HeaderMap, variant: &str, value: Told) -> Told {
    told(&Read {
        ok: true,
        status,
        variant,
        value,
        headers: texts(headers),
    })
}

/// Headers as texts.
fn texts(headers: &HeaderMap) -> Vec<(&str, String)> {
    let headers = headers.iter();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers
        .map(|(name, value)| (name.as_str(), text(value)))
        .collect()
}

/// A failure, with what its type holds.
pub fn failed<E>(error: &Error<E>, variant: &str, value: Told) -> Told {
    let validation = error.validation_errors().iter();
    told(&Failed {
        ok: false,
        status: error.status().map(|status| status.as_u16()),
        variant,
        value,
        kind: format!("{:?}", error.kind()),
        message: error.message(),
        details: error.details(),
        code: error.code(),
        validation: validation.map(|error| format!("{error:?}")).collect(),
        headers: texts(error.headers()),
        body: STANDARD.encode(error.body()),
    })
}

/// A typed value: as JSON, and as the Rust value that it is.
pub fn json(value: &(impl Serialize + Debug)) -> Told {
    #[derive(Serialize)]
    struct Typed {
        json: Told,
        shape: String,
    }
    match serde_json::value::to_raw_value(value) {
        Ok(json) => told(&Typed {
            json,
            shape: format!("{value:?}"),
        }),
        Err(error) => told(&json!({"broken": error.to_string()})),
    }
}

/// A text.
pub fn text(value: &impl Serialize) -> Told {
    told(&json!({"text": value}))
}

/// A failure without a type.
pub fn nothing() -> Told {
    told(&())
}

/// A response without content.
pub fn none() -> Told {
    told(&json!({"none": true}))
}

/// A body that the document does not describe.
pub fn any(body: &AnyBody) -> Told {
    told(&json!({"text": body.text(), "base64": STANDARD.encode(body.bytes())}))
}

/// A stream, read to its end.
pub async fn stream(mut stream: ByteStream) -> Told {
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        match chunk {
            Ok(chunk) => bytes.extend_from_slice(&chunk),
            Err(error) => return told(&json!({"broken": error.to_string()})),
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    told(&json!({"text": text, "base64": STANDARD.encode(&bytes)}))
}
