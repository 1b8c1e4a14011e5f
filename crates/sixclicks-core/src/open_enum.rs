//! Enums that stay open: a value that a server adds later is kept as it came and sent back
//! unchanged. Generated crates call these macros; the types that they make are plain Rust
//! enums.

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
/// assert_eq!(new, Priority::UnknownValue(7));
/// assert_eq!(Priority::High.value(), 1);
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
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A value that the document does not list.
            $unknown(i64),
        }

        impl $name {
            /// The listed values, as they are sent.
            pub const VALUES: &'static [i64] = &[$($value),*];

            /// The value as it is sent.
            pub fn value(&self) -> i64 {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$unknown(value) => *value,
                }
            }
        }

        impl ::std::convert::From<i64> for $name {
            fn from(value: i64) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::$unknown(other),
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
                ::std::fmt::Display::fmt(&self.value(), f)
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.value())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let names = &[$((stringify!($variant), $value)),*];
                let value = Self::from($crate::__private::integer(deserializer, names)?);
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

/// Reads an integer, also one written as a string, or the name of a listed value.
pub(crate) fn integer<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
    names: &[(&str, i64)],
) -> Result<i64, D::Error> {
    struct Visitor<'a>(&'a [(&'a str, i64)]);
    impl serde::de::Visitor<'_> for Visitor<'_> {
        type Value = i64;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an integer")
        }

        fn visit_i64<E>(self, value: i64) -> Result<i64, E> {
            Ok(value)
        }

        fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<i64, E> {
            i64::try_from(value).map_err(E::custom)
        }

        fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<i64, E> {
            if value.fract() == 0.0 && value.abs() < 9.0e15 {
                Ok(value as i64)
            } else {
                Err(E::invalid_value(serde::de::Unexpected::Float(value), &self))
            }
        }

        fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<i64, E> {
            let named = self
                .0
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(value));
            match named {
                Some((_, value)) => Ok(*value),
                None => value.trim().parse().map_err(E::custom),
            }
        }
    }
    deserializer.deserialize_any(Visitor(names))
}
