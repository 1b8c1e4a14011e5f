//! Numbers that may come as strings.

use std::num::TryFromIntError;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use super::{ParseError, spelt::like_its_value};
use crate::read::{self, Scalar};

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

impl From<i32> for NumberOrText<i128> {
    fn from(value: i32) -> Self {
        Self::new(value.into())
    }
}

impl From<i64> for NumberOrText<i128> {
    fn from(value: i64) -> Self {
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
                Ok(Self::new(count.try_into()?))
            }
        }
    )*};
}

from_count!(i8 i16 i32 i64 u8 u16 u32 i128);

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

impl<'de, T: FromStr> Deserialize<'de> for NumberOrText<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Scalar::deserialize(deserializer)? {
            Scalar::Text(text) => text.parse().map_err(D::Error::custom),
            Scalar::Bare(number) => {
                let value = number.parse().ok();
                // `7.0` is an integer as well.
                let value = value.or_else(|| read::integer(&number)?.parse().ok());
                let error = || ParseError::new("a number of its type", &number);
                value
                    .map(Self::new)
                    .ok_or_else(|| D::Error::custom(error()))
            }
        }
    }
}
