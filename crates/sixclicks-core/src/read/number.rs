//! Numbers that no type of serde's data model holds with every digit, handed out as their text.

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, MapAccess, value::BorrowedStrDeserializer};

use super::{reader::RAW, tree::same_number};

/// Whether a text is a number that neither a 64-bit integer nor an `f64` holds as it is.
pub(super) fn is_inexact(text: &str) -> bool {
    if !matches!(text.as_bytes().first(), Some(b'-' | b'0'..=b'9')) {
        return false;
    }
    if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
        return false;
    }
    let float = text.parse().ok().and_then(serde_json::Number::from_f64);
    // As serde_json writes it, so that what passes through a `Value` stays the same number.
    float.is_none_or(|float| !same_number(&float.to_string(), text))
}

/// A number as serde_json hands out the text of a value unread.
pub(super) struct RawNumber<'de, E>(pub Option<&'de str>, pub PhantomData<E>);

impl<'de, E: Error> MapAccess<'de> for RawNumber<'de, E> {
    type Error = E;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, E> {
        match self.0 {
            Some(_) => seed
                .deserialize(BorrowedStrDeserializer::<E>::new(RAW))
                .map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, E> {
        let text = self.0.take().unwrap_or("null");
        seed.deserialize(BorrowedStrDeserializer::new(text))
    }
}
