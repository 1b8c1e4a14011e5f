//! A deserializer around serde_json's that can read strictly or tolerantly.

use serde::de::{Deserialize, Deserializer, Error, Visitor, value::SeqDeserializer};
use serde_json::value::RawValue;

use super::{
    context::Context,
    place::Place,
    scalars,
    text::{integer, nothing, on, unexpected},
    through::Through,
};

/// The name by which serde_json hands out the text of a value unread.
pub(crate) const RAW: &str = "$serde_json::private::RawValue";
/// The name by which a type asks for any value, `null` and no value among them.
pub(crate) const ANY: &str = "$sixclicks_core::Json";

/// What all JSON is read from.
pub(super) type Source<'de> = serde_json::Deserializer<serde_json::de::StrRead<'de>>;

/// Reads a value by the rules of its context.
pub(super) struct Reader<'c, 'm, D> {
    /// None where there is no value at all.
    inner: Option<D>,
    context: &'c Context,
    place: Place<'m>,
}

impl<'c, 'm, D> Reader<'c, 'm, D> {
    /// For a whole value.
    pub fn new(inner: D, context: &'c Context) -> Self {
        Self::part(inner, context, Place::Outermost)
    }

    /// For a part of a list or an object.
    #[inline(always)]
    pub fn part(inner: D, context: &'c Context, place: Place<'m>) -> Self {
        Self {
            inner: Some(inner),
            context,
            place,
        }
    }

    /// For no value.
    pub fn nothing(context: &'c Context) -> Self {
        Self {
            inner: None,
            context,
            place: Place::Inner,
        }
    }

    #[inline(always)]
    fn is_outermost(&self) -> bool {
        matches!(self.place, Place::Outermost)
    }
}

/// How a value is read.
enum Way<'de, D> {
    /// As serde_json reads it.
    Strict(D),
    /// By the tolerant rules, from its text.
    Tolerant(&'de str),
    Nothing,
}

impl<'c, 'de, D: Deserializer<'de>> Reader<'c, '_, D> {
    #[inline(always)]
    fn way(self) -> Result<(Way<'de, D>, &'c Context), D::Error> {
        let context = self.context;
        match self.inner {
            Some(inner) if !context.is_tolerant() => Ok((Way::Strict(inner), context)),
            inner => Ok((tolerantly(inner, context)?, context)),
        }
    }
}

#[cold]
#[inline(never)]
fn tolerantly<'de, D: Deserializer<'de>>(
    inner: Option<D>,
    context: &Context,
) -> Result<Way<'de, D>, D::Error> {
    let Some(inner) = inner else {
        return Ok(Way::Nothing);
    };
    let text = <&'de RawValue>::deserialize(inner)?.get();
    context.look_at(text);
    Ok(Way::Tolerant(text))
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        #[inline(always)]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            match self.way()?.0 {
                Way::Strict(inner) => inner.$method(visitor),
                Way::Tolerant(text) => integer(text, visitor),
                Way::Nothing => Err(nothing()),
            }
        }
    )*};
}

macro_rules! floats {
    ($($method:ident)*) => {$(
        #[inline(always)]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            match self.way()?.0 {
                Way::Strict(inner) => inner.$method(visitor),
                Way::Tolerant(text) => match scalars::float(text) {
                    Some(number) => visitor.visit_f64(number),
                    None => Err(D::Error::invalid_type(unexpected(text), &visitor)),
                },
                Way::Nothing => Err(nothing()),
            }
        }
    )*};
}

macro_rules! texts {
    ($($method:ident)*) => {$(
        #[inline(always)]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            let (way, context) = self.way()?;
            match way {
                Way::Strict(inner) => inner.$method(visitor),
                Way::Nothing if context.is_text() => visitor.visit_str(""),
                Way::Tolerant(text) => match text.as_bytes().first() {
                    // A number or a boolean is text as it is spelt.
                    Some(b'-' | b'0'..=b'9' | b't' | b'f') => visitor.visit_borrowed_str(text),
                    _ => on(text, |source| source.$method(visitor)),
                },
                Way::Nothing => Err(nothing()),
            }
        }
    )*};
}

/// What serde_json reads well enough.
macro_rules! forwarded {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            match self.way()?.0 {
                Way::Strict(inner) => inner.$method(visitor),
                Way::Tolerant(text) => on(text, |source| source.$method(visitor)),
                Way::Nothing => Err(nothing()),
            }
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Reader<'_, '_, D> {
    type Error = D::Error;

    integers!(
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    );
    floats!(deserialize_f32 deserialize_f64);
    texts!(deserialize_str deserialize_string deserialize_identifier);
    forwarded!(deserialize_char deserialize_bytes deserialize_byte_buf);

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self.way()?.0 {
            Way::Strict(inner) => inner.deserialize_bool(visitor),
            Way::Tolerant(text) => match scalars::boolean(text) {
                Some(value) => visitor.visit_bool(value),
                None => Err(D::Error::invalid_type(unexpected(text), &visitor)),
            },
            Way::Nothing => Err(nothing()),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let is_outermost = self.is_outermost();
        let (way, context) = self.way()?;
        let through = |visitor| Through::new(visitor, is_outermost, context);
        match way {
            Way::Strict(inner) => inner.deserialize_any(through(visitor)),
            Way::Tolerant(text) => on(text, |source| source.deserialize_any(through(visitor))),
            Way::Nothing => visitor.visit_unit(),
        }
    }

    #[inline(always)]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let place = Place::inner(self.is_outermost());
        let (way, context) = self.way()?;
        match way {
            Way::Strict(inner) => inner.deserialize_option(Through::new(
                visitor,
                matches!(place, Place::Outermost),
                context,
            )),
            Way::Tolerant("null") | Way::Nothing => visitor.visit_none(),
            Way::Tolerant("\"\"") if context.is_blank() => visitor.visit_none(),
            Way::Tolerant(text) => on(text, |source| {
                visitor.visit_some(Reader::part(source, context, place))
            }),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self.way()?.0 {
            Way::Strict(inner) => inner.deserialize_unit(visitor),
            Way::Tolerant(text) => on(text, |source| source.deserialize_unit(visitor)),
            Way::Nothing => visitor.visit_unit(),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_unit(visitor)
    }

    #[inline(always)]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let place = Place::inner(self.is_outermost());
        let (way, context) = self.way()?;
        match way {
            // Nobody but serde_json knows what this name means.
            Way::Strict(inner) if name == RAW => inner.deserialize_newtype_struct(name, visitor),
            Way::Tolerant(text) if name == RAW => on(text, |source| {
                source.deserialize_newtype_struct(RAW, visitor)
            }),
            Way::Nothing if name == ANY => visitor.visit_unit(),
            Way::Nothing => Err(nothing()),
            Way::Strict(inner) => visitor.visit_newtype_struct(Reader::part(inner, context, place)),
            Way::Tolerant(text) => on(text, |source| {
                visitor.visit_newtype_struct(Reader::part(source, context, place))
            }),
        }
    }

    #[inline(always)]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let is_outermost = self.is_outermost();
        let (way, context) = self.way()?;
        let through = |visitor| Through::new(visitor, is_outermost, context);
        match way {
            Way::Strict(inner) => inner.deserialize_seq(through(visitor)),
            Way::Tolerant("null") | Way::Nothing => {
                visitor.visit_seq(SeqDeserializer::<_, D::Error>::new(std::iter::empty::<()>()))
            }
            Way::Tolerant(text) => on(text, |source| source.deserialize_seq(through(visitor))),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let is_outermost = self.is_outermost();
        let (way, context) = self.way()?;
        let through = |visitor| Through::new(visitor, is_outermost, context);
        match way {
            Way::Strict(inner) => inner.deserialize_tuple(length, through(visitor)),
            Way::Tolerant(text) => on(text, |source| {
                source.deserialize_tuple(length, through(visitor))
            }),
            Way::Nothing => Err(nothing()),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_tuple(length, visitor)
    }

    #[inline(always)]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let is_outermost = self.is_outermost();
        let (way, context) = self.way()?;
        let through = |visitor| Through::new(visitor, is_outermost, context);
        match way {
            Way::Strict(inner) => inner.deserialize_map(through(visitor)),
            Way::Tolerant(text) => on(text, |source| source.deserialize_map(through(visitor))),
            Way::Nothing => Err(nothing()),
        }
    }

    #[inline(always)]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let is_outermost = self.is_outermost();
        let (way, context) = self.way()?;
        let through = |visitor| Through::new(visitor, is_outermost, context).with_fields(fields);
        match way {
            Way::Strict(inner) => inner.deserialize_struct(name, fields, through(visitor)),
            Way::Tolerant(text) => on(text, |source| {
                source.deserialize_struct(name, fields, through(visitor))
            }),
            Way::Nothing => Err(nothing()),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        match self.way()?.0 {
            Way::Strict(inner) => inner.deserialize_enum(name, variants, visitor),
            Way::Tolerant(text) => on(text, |source| {
                source.deserialize_enum(name, variants, visitor)
            }),
            Way::Nothing => Err(nothing()),
        }
    }

    #[inline(always)]
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if let Place::Member(member) = self.place {
            if member.is_outermost {
                self.context.ignore();
            }
            let differs_in_case = |field: &&str| field.eq_ignore_ascii_case(member.name);
            if member.name == "$ref" || member.fields.iter().any(differs_in_case) {
                self.context.suspect();
            }
        }
        match self.inner {
            Some(inner) => inner.deserialize_ignored_any(visitor),
            None => visitor.visit_unit(),
        }
    }
}
