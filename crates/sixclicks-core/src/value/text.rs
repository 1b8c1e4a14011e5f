//! Numbers and booleans that the document writes as strings.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use super::{ParseError, spelt::like_its_value};

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
        deserializer.deserialize_any(TextVisitor(PhantomData))
    }
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: FromStr + fmt::Display> TextVisitor<T> {
    /// A value that came unquoted is written as `T` writes it.
    fn unquoted<E: Error>(self, shown: impl fmt::Display) -> Result<Text<T>, E> {
        let parsed: Text<T> = shown.to_string().parse().map_err(E::custom)?;
        Ok(parsed.value.into())
    }
}

impl<T: FromStr + fmt::Display> Visitor<'_> for TextVisitor<T> {
    type Value = Text<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or boolean, in a string or bare")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<T>, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Text<T>, E> {
        self.unquoted(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Text<T>, E> {
        self.unquoted(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Text<T>, E> {
        self.unquoted(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Text<T>, E> {
        self.unquoted(value)
    }
}
