//! A visitor between serde_json and a type, so that the parts of a value are read by a [`Reader`]
//! as well.

use std::fmt;

use serde::de::{Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, Visitor};

use super::{
    context::Context,
    list::Seq,
    object::Map,
    place::{Fields, Place},
    reader::Reader,
};

/// A visitor whose parts are read by a [`Reader`] as well.
pub(super) struct Through<'c, V> {
    visitor: V,
    fields: Option<Fields>,
    is_outermost: bool,
    context: &'c Context,
}

impl<'c, V> Through<'c, V> {
    #[inline(always)]
    pub fn new(visitor: V, is_outermost: bool, context: &'c Context) -> Self {
        Self {
            visitor,
            fields: None,
            is_outermost,
            context,
        }
    }
}

impl<V> Through<'_, V> {
    /// For an object with these documented members.
    #[inline(always)]
    pub fn with_fields(self, fields: Fields) -> Self {
        Self {
            fields: Some(fields),
            ..self
        }
    }
}

macro_rules! visits {
    ($($method:ident: $type:ty),*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.visitor.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Through<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    visits!(
        visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128,
        visit_f64: f64, visit_str: &str, visit_borrowed_str: &'de str, visit_string: String
    );

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    #[inline(always)]
    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let place = Place::inner(self.is_outermost);
        self.visitor
            .visit_some(Reader::part(inner, self.context, place))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let place = Place::inner(self.is_outermost);
        let reader = Reader::part(inner, self.context, place);
        self.visitor.visit_newtype_struct(reader)
    }

    #[inline(always)]
    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        if self.fields.is_some() {
            // serde takes a list for the fields of a struct; a document means an object.
            return Err(A::Error::invalid_type(Unexpected::Seq, &self.visitor));
        }
        self.visitor
            .visit_seq(Seq::new(items, self.is_outermost, self.context)?)
    }

    #[inline(always)]
    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Map::new(
            members,
            self.fields,
            self.is_outermost,
            self.context,
        )?)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_enum(variant)
    }
}
