//! Reading bodies that are JSON, with what servers put around it or in its place.
//!
//! All goes through [`read`](crate::read), whatever the value comes from: every other source
//! would compile all types of a generated crate once more.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::envelope::{self, Envelope};
use super::nesting;
use crate::body::utf8;
use crate::markup;
use crate::read::{self, Read, ReadError, Tree};

/// Why there is no value.
#[derive(Debug)]
pub(super) enum Unread {
    /// The envelope says that the operation failed.
    Refused,
    /// There is no content, and a `T` cannot be made of nothing.
    Nothing,
    /// What is wrong with the body.
    Unreadable(String),
}

/// Reads a body that the document says is JSON.
///
/// Tolerated are a byte order mark, every charset, an envelope of ABP (if asked for), OData's
/// envelope, bare text for a `T` that is a string, and no content for a `T` that is a list or
/// can be nothing.
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
            return match envelope.success {
                true => read_content(envelope.content()),
                false => Err(Unread::Refused),
            };
        }
    }
    match read_content(text) {
        Err(Unread::Nothing) if is_text(content_type) && text.is_empty() => {
            read::nothing(true).ok_or(Unread::Nothing)
        }
        Err(Unread::Unreadable(why)) => salvage(text, content_type).ok_or(Unread::Unreadable(why)),
        done => done,
    }
}

/// Reads the value itself, without an envelope of ABP.
fn read_content<T: DeserializeOwned>(json: &[u8]) -> Result<T, Unread> {
    if is_nothing(json) {
        return read::nothing(false).ok_or(Unread::Nothing);
    }
    match read::read(json) {
        Ok(value) => Ok(value),
        Err(error) => match odata_value(json) {
            Some(value) if value == "null" => read::nothing(false).ok_or(Unread::Nothing),
            Some(value) => read::read(value.as_bytes()).map_err(|error| unreadable(json, &error)),
            None => Err(unreadable(json, &error)),
        },
    }
}

/// Whether a body holds no value.
fn is_nothing(body: &[u8]) -> bool {
    matches!(body.trim_ascii(), b"" | b"null")
}

fn is_text(content_type: Option<&str>) -> bool {
    content_type.is_some_and(|kind| kind.trim_start().starts_with("text/"))
}

/// The `value` of OData's envelope around lists and scalars, which has other members that begin
/// with `@odata.`.
fn odata_value(json: &[u8]) -> Option<String> {
    memchr::memmem::find(json, b"\"@odata.")?;
    let tree = Tree::parse(std::str::from_utf8(json).ok()?)?;
    let Tree::Object(members) = &tree else {
        return None;
    };
    let is_envelope = members.iter().any(|(name, _)| name.starts_with("@odata."));
    let value = tree.get("value").filter(|_| is_envelope)?;
    Some(value.to_string())
}

/// Reads bare text as a string.
fn salvage<T: DeserializeOwned>(body: &[u8], content_type: Option<&str>) -> Option<T> {
    let kind = content_type.unwrap_or_default();
    if !kind.trim_start().starts_with("text/plain") && !kind.is_empty() {
        return None;
    }
    let text = Value::from(String::from_utf8_lossy(body)).to_string();
    read::read(text.as_bytes()).ok()
}

fn unreadable(body: &[u8], error: &ReadError) -> Unread {
    Unread::Unreadable(match markup::describe(body) {
        Some(page) => format!("the server sent {page} instead of JSON"),
        None => format!("the body is not what the document says: {error}"),
    })
}

/// Reads the body of an error as the type that the document describes for it. None where the
/// body says nothing in its terms.
pub(super) fn read_error<E: DeserializeOwned + Send>(
    body: &[u8],
    content_type: Option<&str>,
    nests: bool,
) -> Option<E> {
    let text = utf8(body, content_type);
    let read = || read_error_text(&text, content_type);
    match nests {
        true => nesting::with_room(&text, read).ok()?,
        false => read(),
    }
}

fn read_error_text<E: DeserializeOwned>(text: &[u8], content_type: Option<&str>) -> Option<E> {
    if is_nothing(text) {
        return None;
    }
    if envelope::is_marked(text)
        && let Some(envelope) = Envelope::find(text)
    {
        // The envelope has members of its own. What is read from it has to know one of them.
        let knows = |read: Read<E>| read.is_used.then_some(read.value);
        let whole = read::read_with(text).ok().and_then(knows);
        return whole.or_else(|| read::read_with(envelope.error()?).ok().and_then(knows));
    }
    match read::read_with::<E>(text) {
        Ok(read) => (!read.is_foreign).then_some(read.value),
        Err(_) => salvage(text, content_type),
    }
}
