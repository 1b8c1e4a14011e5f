//! Reading JSON the way servers send it, not the way they should.
//!
//! All goes through `serde_json::from_slice`, whatever the value comes from:
//! every other source would compile all types of a generated crate once more.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::envelope::{self, Envelope};
use super::nesting;
use crate::body::utf8;
use crate::markup;

/// A value, or why there is none.
#[derive(Debug)]
pub(super) enum Unread {
    /// The envelope says that the operation failed.
    Refused,
    /// What is wrong with the body.
    Unreadable(String),
}

/// Reads a body that the document says is JSON.
///
/// Tolerated are a byte order mark, every charset, an envelope of ABP (when told to), no
/// content where a `T` can be made from nothing, and bare text for a `T` that is a string.
pub(super) fn read<T: DeserializeOwned + Send>(
    body: &[u8],
    content_type: Option<&str>,
    unwrap_abp: bool,
    nests: bool,
) -> Result<T, Unread> {
    let text = utf8(body, content_type);
    if !nests {
        return read_text(&text, content_type, unwrap_abp);
    }
    let read = || read_text(&text, content_type, unwrap_abp);
    nesting::with_room(&text, read).unwrap_or_else(|error| {
        let why = format!("the body nests deep, and there is no thread to read it: {error}");
        Err(Unread::Unreadable(why))
    })
}

fn read_text<T: DeserializeOwned>(
    text: &[u8],
    content_type: Option<&str>,
    unwrap_abp: bool,
) -> Result<T, Unread> {
    if unwrap_abp && envelope::is_marked(text) {
        if let Some(value) = envelope::unwrap(text) {
            return Ok(value);
        }
        if let Some(envelope) = Envelope::find(text) {
            return read_wrapped(text, &envelope);
        }
    }
    match serde_json::from_slice(text) {
        Ok(value) => Ok(value),
        Err(error) => salvage(text, content_type, &error),
    }
}

/// What an envelope says that had no `T` inside at first sight.
fn read_wrapped<T: DeserializeOwned>(body: &[u8], envelope: &Envelope<'_>) -> Result<T, Unread> {
    if !envelope.success {
        return Err(Unread::Refused);
    }
    match serde_json::from_slice(envelope.content()) {
        Ok(value) => Ok(value),
        Err(_) if envelope.result.is_none() => from_nothing(),
        Err(error) => Err(unreadable(body, &error)),
    }
}

/// What may still be made of a body that is not the JSON of a `T`.
fn salvage<T: DeserializeOwned>(
    body: &[u8],
    content_type: Option<&str>,
    error: &serde_json::Error,
) -> Result<T, Unread> {
    if body.trim_ascii().is_empty() {
        return from_nothing();
    }
    let kind = content_type.unwrap_or_default();
    if kind.trim_start().starts_with("text/plain") || kind.is_empty() {
        let text = Value::from(String::from_utf8_lossy(body)).to_string();
        if let Ok(value) = serde_json::from_slice(text.as_bytes()) {
            return Ok(value);
        }
    }
    Err(unreadable(body, error))
}

/// A `T` for an empty body: null, an empty object, list or text.
fn from_nothing<T: DeserializeOwned>() -> Result<T, Unread> {
    ["null", "{}", "[]", "\"\""]
        .iter()
        .find_map(|nothing| serde_json::from_slice(nothing.as_bytes()).ok())
        .ok_or_else(|| Unread::Unreadable("the server sent no content".to_owned()))
}

fn unreadable(body: &[u8], error: &serde_json::Error) -> Unread {
    Unread::Unreadable(match markup::describe(body) {
        Some(page) => format!("the server sent {page} instead of JSON"),
        None => format!("the body is not what the document says: {error}"),
    })
}
