//! Numbers that may come as strings.

use std::fmt;
use std::marker::PhantomData;
use std::num::TryFromIntError;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::{ParseError, spelt::like_its_value};

/// A number that JSON may write as a number or as a string of it, as ASP.NET's web
/// defaults read both: `{type: [integer, string], format: int32}`.
///
/// Written as it was read; one that is made in Rust is written as a number.
///
/// ```
/// use sixclicks_core::NumberOrText;
/// let count: NumberOrText<i32> = serde_json::from_str("\"7\"")?;
/// assert_eq!(*count, 7);
/// assert_eq!(serde_json::to_string(&count)?, "\"7\"");
/// assert_eq!(serde_json::to_string(&NumberOrText::new(7))?, "7");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct NumberOrText<T> {
    value: T,
    /// The string as it came.
    text: Option<Box<str>>,
}

like_its_value!(NumberOrText);

impl From<i32> for NumberOrText<i64> {
    fn from(value: i32) -> Self {
        Self::new(value.into())
    }
}

impl From<i32> for NumberOrText<f64> {
    fn from(value: i32) -> Self {
        Self::new(value.into())
    }
}

impl<T: TryInto<Self>> TryFrom<NumberOrText<T>> for u64 {
    type Error = T::Error;

    fn try_from(number: NumberOrText<T>) -> Result<Self, T::Error> {
        number.value.try_into()
    }
}

/// So that pages can be counted in any integer.
macro_rules! from_count {
    ($($integer:ty)*) => {$(
        impl TryFrom<u64> for NumberOrText<$integer> {
            type Error = TryFromIntError;

            fn try_from(count: u64) -> Result<Self, TryFromIntError> {
                count.try_into().map(Self::new)
            }
        }
    )*};
}

from_count!(i8 i16 i32 i64 u8 u16 u32);

impl<T: FromStr> FromStr for NumberOrText<T> {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let value = text
            .trim()
            .parse()
            .map_err(|_| ParseError::new("a number of its type", text))?;
        Ok(Self {
            value,
            text: Some(text.into()),
        })
    }
}

impl<T: Serialize> Serialize for NumberOrText<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.text {
            Some(text) => serializer.serialize_str(text),
            None => self.value.serialize(serializer),
        }
    }
}

impl<'de, T: FromStr + Deserialize<'de>> Deserialize<'de> for NumberOrText<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either(PhantomData))
    }
}

struct Either<T>(PhantomData<T>);

impl<'de, T: FromStr + Deserialize<'de>> Visitor<'de> for Either<T> {
    type Value = NumberOrText<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, bare or in a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<NumberOrText<T>, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<NumberOrText<T>, E> {
        T::deserialize(value.into_deserializer()).map(NumberOrText::new)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<NumberOrText<T>, E> {
        T::deserialize(value.into_deserializer()).map(NumberOrText::new)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<NumberOrText<T>, E> {
        T::deserialize(value.into_deserializer()).map(NumberOrText::new)
    }
}
