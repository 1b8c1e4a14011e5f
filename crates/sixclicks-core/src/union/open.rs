//! Unions that stay open: what a server adds later is kept as it came and sent back
//! unchanged. Generated crates call these macros; the types that they make are plain Rust
//! enums.

use serde::{
    Serialize, Serializer,
    ser::{Error as _, SerializeMap},
};
use serde_json::Value;

/// A union told apart by one property, with one more variant for what is not listed.
///
/// A variant without values in its brackets is the base: it stands for objects that do not
/// carry the property.
#[macro_export]
macro_rules! tagged_union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident by $property:literal {
            $($(#[$variant_meta:meta])* $variant:ident($inner:ty) = [$($tag:literal),*],)*
            ..$unknown:ident
        }
    ) => {
        $crate::union_type!($(#[$meta])* $name { $($(#[$variant_meta])* $variant($inner),)* ..$unknown });

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(inner) => {
                        let tags: &[&str] = &[$($tag),*];
                        $crate::__private::write_tagged(serializer, $property, tags, inner)
                    })*
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
                let value = <$crate::__private::Value as $crate::__private::serde::Deserialize>::deserialize(deserializer)?;
                let tag = $crate::__private::tag(&value, $property);
                let bare = $crate::__private::is_untagged(&value, $property);
                $({
                    let tags: &[&str] = &[$($tag),*];
                    if tag.map_or(tags.is_empty() && bare, |tag| tags.contains(&tag)) {
                        let inner = <$inner as $crate::__private::serde::Deserialize>::deserialize(&value);
                        if let ::std::result::Result::Ok(inner) = inner {
                            return ::std::result::Result::Ok(Self::$variant(inner));
                        }
                    }
                })*
                ::std::result::Result::Ok(Self::$unknown(value))
            }
        }
    };
}

/// A union told apart by what fits best, with one more variant for what fits none.
#[macro_export]
macro_rules! untagged_union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident($inner:ty),)*
            ..$unknown:ident
        }
    ) => {
        $crate::union_type!($(#[$meta])* $name { $($(#[$variant_meta])* $variant($inner),)* ..$unknown });

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(inner) => {
                        $crate::__private::serde::Serialize::serialize(inner, serializer)
                    })*
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
                let value = <$crate::__private::Value as $crate::__private::serde::Deserialize>::deserialize(deserializer)?;
                let candidates: &[fn(&$crate::__private::Value) -> ::std::option::Option<Self>] = &[
                    $(|value| {
                        <$inner as $crate::__private::serde::Deserialize>::deserialize(value)
                            .ok()
                            .map(Self::$variant)
                    },)*
                ];
                ::std::result::Result::Ok(
                    $crate::__private::best(&value, candidates).unwrap_or(Self::$unknown(value)),
                )
            }
        }
    };
}

/// The enum of a union, and the ways into it.
#[doc(hidden)]
#[macro_export]
macro_rules! union_type {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident($inner:ty),)* ..$unknown:ident }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant($inner),)*
            /// A value that the document does not describe, as it came.
            $unknown($crate::__private::Value),
        }

        $(
            impl ::std::convert::From<$inner> for $name {
                fn from(inner: $inner) -> Self {
                    Self::$variant(inner)
                }
            }
        )*
    };
}

/// Writes an object with its discriminator first, as .NET wants it, and with the value of
/// the variant where the object itself does not say it.
pub(crate) fn write_tagged<S: Serializer>(
    serializer: S,
    property: &str,
    tags: &[&str],
    inner: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let value = serde_json::to_value(inner).map_err(S::Error::custom)?;
    let Value::Object(object) = value else {
        return value.serialize(serializer);
    };
    let own = object
        .get(property)
        .filter(|value| !value.is_null())
        .cloned();
    let tag = own.or_else(|| tags.first().map(|tag| Value::from(*tag)));
    let mut map = serializer.serialize_map(None)?;
    if let Some(tag) = tag {
        map.serialize_entry(property, &tag)?;
    }
    for (name, value) in object.iter().filter(|(name, _)| *name != property) {
        map.serialize_entry(name, value)?;
    }
    map.end()
}
