//! A deserializer around serde_json's that can read strictly or tolerantly.

use std::fmt;

use serde::de::{
    Deserialize, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, Visitor,
    value::SeqDeserializer,
};
use serde_json::value::RawValue;

use super::{
    access::{Map, Place, Seq},
    context::Context,
    scalars,
};

/// The name by which serde_json hands out the text of a value unread.
pub(crate) const RAW: &str = "$serde_json::private::RawValue";
/// The name by which a type asks for any value, `null` and no value among them.
pub(crate) const ANY: &str = "$sixclicks_core::Json";

/// What all JSON is read from.
pub(super) type Source<'de> = serde_json::Deserializer<serde_json::de::SliceRead<'de>>;

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

/// The message of an error without the place in the text, which is that in a part of it.
pub(super) fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) if error.line() > 0 => text[..end].to_owned(),
        _ => text,
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

/// An error for the lack of a value.
fn nothing<E: Error>() -> E {
    E::custom("there is no value")
}

/// Runs serde_json on the text of a value.
fn on<'de, T, E: Error>(
    text: &'de str,
    read: impl FnOnce(&mut Source<'de>) -> serde_json::Result<T>,
) -> Result<T, E> {
    read(&mut Source::from_slice(text.as_bytes())).map_err(|error| E::custom(message(&error)))
}

/// What a value is, for an error.
fn unexpected(text: &str) -> Unexpected<'_> {
    match text.as_bytes().first() {
        Some(b'n') => Unexpected::Unit,
        Some(b't') => Unexpected::Bool(true),
        Some(b'f') => Unexpected::Bool(false),
        Some(b'"') => Unexpected::Str(text.trim_matches('"')),
        Some(b'[') => Unexpected::Seq,
        Some(b'{') => Unexpected::Map,
        _ => Unexpected::Other(text),
    }
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

fn integer<'de, V: Visitor<'de>, E: Error>(text: &str, visitor: V) -> Result<V::Value, E> {
    let Some(digits) = scalars::integer(text) else {
        return Err(E::invalid_type(unexpected(text), &visitor));
    };
    if let Ok(number) = digits.parse() {
        return visitor.visit_i64(number);
    }
    if let Ok(number) = digits.parse() {
        return visitor.visit_u64(number);
    }
    if let Ok(number) = digits.parse() {
        return visitor.visit_i128(number);
    }
    match digits.parse() {
        Ok(number) => visitor.visit_u128(number),
        Err(_) => Err(E::invalid_value(unexpected(text), &visitor)),
    }
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
        let through = |visitor| Through {
            fields: Some(fields),
            ..Through::new(visitor, is_outermost, context)
        };
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

/// A visitor whose parts are read by a [`Reader`] as well.
struct Through<'c, V> {
    visitor: V,
    fields: Option<&'static [&'static str]>,
    is_outermost: bool,
    context: &'c Context,
}

impl<'c, V> Through<'c, V> {
    #[inline(always)]
    fn new(visitor: V, is_outermost: bool, context: &'c Context) -> Self {
        Self {
            visitor,
            fields: None,
            is_outermost,
            context,
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
