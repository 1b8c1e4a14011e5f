//! Enums that stay open: a value that a server adds later is kept as it came and sent back
//! unchanged. Generated crates call these macros; the types that they make are plain Rust
//! enums.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use crate::read::{self, Scalar};

/// An enum of strings with one more variant for values that are not listed.
///
/// ```
/// sixclicks_core::string_enum! {
///     /// How a test went.
///     pub enum Outcome {
///         /// It passed.
///         Pass = "Pass",
///         /// It failed.
///         Fail = "Fail",
///         ..UnknownValue
///     }
/// }
///
/// let known: Outcome = serde_json::from_str(r#""Pass""#)?;
/// assert_eq!(known, Outcome::Pass);
/// let new: Outcome = serde_json::from_str(r#""Skipped""#)?;
/// assert_eq!(new.as_str(), "Skipped");
/// assert_eq!(serde_json::to_string(&new)?, r#""Skipped""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! string_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $value:literal,)*
            ..$unknown:ident
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A value that the document does not list, as it came.
            $unknown(::std::string::String),
        }

        impl $name {
            /// The listed values, as they are sent.
            pub const VALUES: &'static [&'static str] = &[$($value),*];

            /// The value as it is sent.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$unknown(value) => value,
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::$unknown(::std::borrow::ToOwned::to_owned(other)),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                match value.as_str() {
                    $($value => Self::$variant,)*
                    _ => Self::$unknown(value),
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            fn from_str(
                value: &str,
            ) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(Self::from(value))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = Self::from($crate::__private::string_or_number(deserializer)?);
                if let Self::$unknown(_) = value {
                    $crate::__private::unlisted();
                }
                ::std::result::Result::Ok(value)
            }
        }
    };
}

/// An enum of integers with one more variant for values that are not listed.
///
/// ```
/// sixclicks_core::integer_enum! {
///     /// How urgent it is.
///     pub enum Priority {
///         /// It can wait.
///         Low = 0,
///         /// It cannot.
///         High = 1,
///         ..UnknownValue
///     }
/// }
///
/// let new: Priority = serde_json::from_str("7")?;
/// assert_eq!(new, Priority::UnknownValue(7.into()));
/// assert_eq!(Priority::High.value(), Some(1));
/// let named: Priority = serde_json::from_str(r#""Urgent""#)?;
/// assert_eq!(named.to_string(), "Urgent");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! integer_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $value:literal,)*
            ..$unknown:ident
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A value that the document does not list, as it came.
            $unknown($crate::UnlistedInteger),
        }

        impl $name {
            /// The listed values, as they are sent.
            pub const VALUES: &'static [i64] = &[$($value),*];

            /// The number; none where the server sent a name that the document does not list.
            pub fn value(&self) -> ::std::option::Option<i64> {
                match self {
                    $(Self::$variant => ::std::option::Option::Some($value),)*
                    Self::$unknown(value) => value.number(),
                }
            }
        }

        impl ::std::convert::From<i64> for $name {
            fn from(value: i64) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::$unknown(other.into()),
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::num::ParseIntError;

            fn from_str(
                value: &str,
            ) -> ::std::result::Result<Self, ::std::num::ParseIntError> {
                value.parse::<i64>().map(Self::from)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant => ::std::fmt::Display::fmt(&$value, f),)*
                    Self::$unknown(value) => ::std::fmt::Display::fmt(value, f),
                }
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant => serializer.serialize_i64($value),)*
                    Self::$unknown(value) => {
                        $crate::__private::serde::Serialize::serialize(value, serializer)
                    }
                }
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let names = &[$((stringify!($variant), $value)),*];
                let read = $crate::__private::integer(deserializer, names)?;
                let value = match read.number() {
                    ::std::option::Option::Some(number) => Self::from(number),
                    ::std::option::Option::None => Self::$unknown(read),
                };
                if let Self::$unknown(_) = value {
                    $crate::__private::unlisted();
                }
                ::std::result::Result::Ok(value)
            }
        }
    };
}

/// Reads a string, or a number as its digits: a server may send either for an enum.
pub(crate) fn string_or_number<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<String, D::Error> {
    struct Visitor;
    impl serde::de::Visitor<'_> for Visitor {
        type Value = String;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, value: &str) -> Result<String, E> {
            Ok(value.to_owned())
        }

        fn visit_string<E>(self, value: String) -> Result<String, E> {
            Ok(value)
        }

        fn visit_i64<E>(self, value: i64) -> Result<String, E> {
            Ok(value.to_string())
        }

        fn visit_u64<E>(self, value: u64) -> Result<String, E> {
            Ok(value.to_string())
        }
    }
    deserializer.deserialize_any(Visitor)
}

/// A value of an enum of integers that the document does not list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum UnlistedInteger {
    /// A number.
    Number(i64),
    /// A name in the place of a number, as servers send it that write enums as text.
    Name(Box<str>),
}

impl UnlistedInteger {
    /// The number, if it is one.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Name(_) => None,
        }
    }
}

impl From<i64> for UnlistedInteger {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for UnlistedInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl Serialize for UnlistedInteger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Name(name) => serializer.serialize_str(name),
        }
    }
}

/// Reads an integer, also one written as a string, or a name. The names of listed values are
/// their numbers, whatever their case and separators.
pub(crate) fn integer<'de, D: Deserializer<'de>>(
    deserializer: D,
    names: &[(&str, i64)],
) -> Result<UnlistedInteger, D::Error> {
    let (text, is_name) = match Scalar::deserialize(deserializer)? {
        Scalar::Text(text) => (text, true),
        Scalar::Bare(text) => (text, false),
    };
    if let Some(number) = read::integer(&text).and_then(|digits| digits.parse().ok()) {
        return Ok(UnlistedInteger::Number(number));
    }
    if !is_name || text.trim().is_empty() {
        return Err(D::Error::custom(format!("{text:?} is not an integer")));
    }
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let wanted = letters(&text);
    let listed = names.iter().find(|(name, _)| letters(name) == wanted);
    Ok(match listed {
        Some((_, number)) => UnlistedInteger::Number(*number),
        None => UnlistedInteger::Name(text.into()),
    })
}
