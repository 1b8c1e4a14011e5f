//! Reading from the text of a value, and what to say where that fails.

use serde::de::{Error, Unexpected, Visitor};

use super::{reader::Source, scalars};

/// The message of an error without the place in the text, which is that in a part of it.
pub(super) fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) if error.line() > 0 => text[..end].to_owned(),
        _ => text,
    }
}

/// An error for the lack of a value.
pub(super) fn nothing<E: Error>() -> E {
    E::custom("there is no value")
}

/// Runs serde_json on the text of a value.
pub(super) fn on<'de, T, E: Error>(
    text: &'de str,
    read: impl FnOnce(&mut Source<'de>) -> serde_json::Result<T>,
) -> Result<T, E> {
    read(&mut Source::from_str(text)).map_err(|error| E::custom(message(&error)))
}

/// What a value is, for an error.
pub(super) fn unexpected(text: &str) -> Unexpected<'_> {
    match text.as_bytes().first() {
        Some(b'n') => Unexpected::Unit,
        Some(b't') => Unexpected::Bool(true),
        Some(b'f') => Unexpected::Bool(false),
        Some(b'"') => Unexpected::Str(text.trim_matches('"')),
        Some(b'[') => Unexpected::Seq,
        Some(b'{') => Unexpected::Map,
        _ => Unexpected::Other(text),
    }
}

/// Reads an integer in any spelling.
pub(super) fn integer<'de, V: Visitor<'de>, E: Error>(
    text: &str,
    visitor: V,
) -> Result<V::Value, E> {
    let Some(digits) = scalars::integer(text) else {
        return Err(E::invalid_type(unexpected(text), &visitor));
    };
    if let Ok(number) = digits.parse() {
        return visitor.visit_i64(number);
    }
    if let Ok(number) = digits.parse() {
        return visitor.visit_u64(number);
    }
    if let Ok(number) = digits.parse() {
        return visitor.visit_i128(number);
    }
    match digits.parse() {
        Ok(number) => visitor.visit_u128(number),
        Err(_) => Err(E::invalid_value(unexpected(text), &visitor)),
    }
}
