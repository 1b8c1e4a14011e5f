//! Value types for what .NET documents call a string or a number but mean more by.
//!
//! Every type reads what ASP.NET sends, however it spells it, and writes back
//! the same text it read. Values made in Rust are written in the form that
//! .NET itself writes.

mod base64;
mod base64_url;
mod date;
mod date_time;
mod decimal;
mod json;
mod number_or_text;
mod scan;
mod secret;
mod spelt;
mod text;
mod time;
mod time_span;

pub use self::base64::Base64;
pub use self::base64_url::Base64Url;
pub use date::Date;
pub use date_time::DateTime;
pub use decimal::Decimal;
pub use json::Json;
pub use number_or_text::NumberOrText;
pub use secret::Secret;
pub use text::Text;
pub use time::Time;
pub use time_span::TimeSpan;

/// A text that is not what its type says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct ParseError {
    /// What was expected, with an article: "a date-time".
    pub expected: &'static str,
    /// The text as given, cut after 100 characters.
    pub text: String,
}

impl ParseError {
    fn new(expected: &'static str, text: &str) -> Self {
        Self {
            expected,
            text: text.chars().take(100).collect(),
        }
    }
}

/// Serde and conversion impls of a type that is a JSON string, by its `FromStr` and `Display`.
macro_rules! string_value {
    ($type:ident, $expected:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }

        impl TryFrom<&str> for $type {
            type Error = crate::value::ParseError;
            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<String> for $type {
            type Error = crate::value::ParseError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    };
}
use string_value;
