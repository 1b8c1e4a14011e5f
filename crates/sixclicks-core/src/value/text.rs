//! Numbers and booleans that the document writes as strings.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use super::{ParseError, spelt::like_its_value};
use crate::read::Scalar;

/// A `T` that is a string in JSON, such as `{type: string, format: int64}`.
///
/// A number or boolean is read too; a string is always written, spelt as it
/// was read (`"True"`, `"007"`).
///
/// ```
/// use sixclicks_core::Text;
/// let id: Text<i64> = serde_json::from_str("\"9007199254740993\"")?;
/// assert_eq!(*id, 9_007_199_254_740_993);
/// assert_eq!(serde_json::to_string(&Text::from(5))?, "\"5\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Text<T> {
    value: T,
    /// The text as it came, where `T` would write another.
    text: Option<Box<str>>,
}

like_its_value!(Text);

impl<T: FromStr + fmt::Display> FromStr for Text<T> {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        // .NET spells booleans with a capital.
        let value: T = text
            .parse()
            .or_else(|_| text.trim().to_ascii_lowercase().parse())
            .map_err(|_| ParseError::new("a number or boolean in a string", text))?;
        let text = (value.to_string() != text).then(|| text.into());
        Ok(Self { value, text })
    }
}

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: FromStr + fmt::Display> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Scalar::deserialize(deserializer)? {
            Scalar::Text(text) => text.parse().map_err(D::Error::custom),
            // A value that came unquoted is written as `T` writes it.
            Scalar::Bare(shown) => {
                let parsed: Self = shown.parse().map_err(D::Error::custom)?;
                Ok(parsed.value.into())
            }
        }
    }
}
