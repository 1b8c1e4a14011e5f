//! Discriminators as members of a struct: nobody sets them, so that none is wrong.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{doubt, tagged::Tag};
use crate::Json;

/// A discriminator as the server sent it.
///
/// The base of several types has no value of its own, and it keeps the value that came
/// with it. There is no way to make one, so that no request carries a wrong one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Discriminator(Value);

impl Discriminator {
    /// The value, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_str()
    }

    /// The value as it came.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

impl fmt::Display for Discriminator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Value::String(text) => f.write_str(text),
            other => write!(f, "{other}"),
        }
    }
}

impl<'de> Deserialize<'de> for Discriminator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        doubt::unlisted();
        Ok(Self(value))
    }
}

/// Reads the value of a constant: nothing if it is that of the document, or else what came.
#[doc(hidden)]
pub fn read_constant<'de, D: Deserializer<'de>>(
    deserializer: D,
    tag: Tag,
) -> Result<Option<Box<Json>>, D::Error> {
    let value = Json::deserialize(deserializer)?;
    let text = value.as_text();
    if value.is_null() || tag.means(text) || tag.resembles(text) {
        return Ok(None);
    }
    doubt::unlisted();
    Ok(Some(Box::new(value)))
}

/// The type of a member that has one value, which is sent without being set.
///
/// A different value that a server sends is kept, and sent back as it came.
#[macro_export]
macro_rules! constant {
    (struct $name:ident = $tag:literal;) => {
        #[derive(Clone, Debug, Default, PartialEq)]
        struct $name(::std::option::Option<::std::boxed::Box<$crate::Json>>);

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match &self.0 {
                    ::std::option::Option::Some(received) => {
                        $crate::__private::serde::Serialize::serialize(received, serializer)
                    }
                    ::std::option::Option::None => {
                        let tag = $crate::__private::Literal($tag).tag();
                        $crate::__private::serde::Serialize::serialize(&tag, serializer)
                    }
                }
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let tag = $crate::__private::Literal($tag).tag();
                $crate::__private::read_constant(deserializer, tag).map(Self)
            }
        }
    };
}
