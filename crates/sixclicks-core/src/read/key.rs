//! The names of members: noted on their way to a type, or handed to it from a list.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, Visitor};

use super::place::Fields;

/// Notes the name of a member before a type reads it.
pub(super) struct Named<'n, 'de, S> {
    pub seed: S,
    pub name: &'n mut &'de str,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Named<'_, 'de, S> {
    type Value = S::Value;

    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.seed.deserialize(NamedKey {
            inner,
            name: self.name,
        })
    }
}

/// The name of a member of a described object, which serde reads as an identifier.
struct NamedKey<'n, 'de, D> {
    inner: D,
    name: &'n mut &'de str,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for NamedKey<'_, 'de, D> {
    type Error = D::Error;

    #[inline(always)]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_str(NamedVisitor {
            visitor,
            name: self.name,
        })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

struct NamedVisitor<'n, 'de, V> {
    visitor: V,
    name: &'n mut &'de str,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for NamedVisitor<'_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    #[inline(always)]
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        *self.name = text;
        self.visitor.visit_borrowed_str(text)
    }

    /// A name with escapes, which is compared by its exact spelling only.
    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        *self.name = "";
        self.visitor.visit_str(text)
    }
}

/// Reads the name of a member.
pub(super) struct KeyText;

impl<'de> DeserializeSeed<'de> for KeyText {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeyText {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// A name as a type reads it.
pub(super) struct Key<'de, E> {
    text: Cow<'de, str>,
    error: PhantomData<E>,
}

impl<'de, E> Key<'de, E> {
    pub fn new(text: Cow<'de, str>) -> Self {
        Self {
            text,
            error: PhantomData,
        }
    }
}

/// Keys of maps may be numbers.
macro_rules! number_keys {
    ($($method:ident: $visit:ident),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            match self.text.parse() {
                Ok(number) => visitor.$visit(number),
                Err(_) => visitor.visit_str(&self.text),
            }
        }
    )*};
}

impl<'de, E: Error> Deserializer<'de> for Key<'de, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.text {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: Fields,
        visitor: V,
    ) -> Result<V::Value, E> {
        let text: serde::de::value::CowStrDeserializer<'de, E> = self.text.into_deserializer();
        text.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    number_keys!(
        deserialize_i8: visit_i64, deserialize_i16: visit_i64, deserialize_i32: visit_i64,
        deserialize_i64: visit_i64, deserialize_i128: visit_i128, deserialize_u8: visit_u64,
        deserialize_u16: visit_u64, deserialize_u32: visit_u64, deserialize_u64: visit_u64,
        deserialize_u128: visit_u128, deserialize_f32: visit_f64, deserialize_f64: visit_f64,
        deserialize_bool: visit_bool
    );

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}
