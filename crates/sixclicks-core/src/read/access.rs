//! Objects and lists as [`Reader`](super::reader::Reader) hands them to a type: straight from
//! serde_json when it reads strictly, from a list of their parts when it reads tolerantly.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::vec;

use serde::de::{
    DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::{
    DEEPEST,
    context::{Context, Step},
    reader::{Reader, Source, message},
};

type Fields = &'static [&'static str];

/// An object.
pub(super) enum Map<'c, 'de, A> {
    Stream {
        inner: A,
        context: &'c Context,
        /// What the value belongs to that comes next, in a described object.
        member: Option<Member<'de>>,
    },
    Members(Box<Members<'c, 'de>>, PhantomData<A>),
}

/// The members of an object.
pub(super) struct Members<'c, 'de> {
    members: vec::IntoIter<(Cow<'de, str>, &'de RawValue)>,
    next: Option<(Cow<'de, str>, Option<&'de RawValue>)>,
    /// The documented members that are absent, where they are looked for.
    absent: vec::IntoIter<&'static str>,
    is_struct: bool,
    is_outermost: bool,
    entered: Entered<'c>,
}

/// An object that is being read.
pub(super) struct Entered<'c> {
    context: &'c Context,
    depth: usize,
}

impl<'c> Entered<'c> {
    fn new(context: &'c Context) -> Self {
        Self {
            context,
            depth: context.enter(),
        }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.context.leave();
    }
}

impl<'c, 'de, A: MapAccess<'de>> Map<'c, 'de, A> {
    /// The object behind `inner`, whose documented members are `fields` if it is a struct.
    #[inline(always)]
    pub fn new(
        inner: A,
        fields: Option<Fields>,
        is_outermost: bool,
        context: &'c Context,
    ) -> Result<Self, A::Error> {
        if context.is_tolerant() {
            return Members::new(inner, fields, is_outermost, context)
                .map(|members| Self::Members(Box::new(members), PhantomData));
        }
        Ok(Self::Stream {
            inner,
            context,
            member: fields.map(|fields| Member {
                name: "",
                fields,
                is_outermost,
            }),
        })
    }
}

impl<'c, 'de> Members<'c, 'de> {
    #[cold]
    fn new<A: MapAccess<'de>>(
        mut inner: A,
        fields: Option<Fields>,
        is_outermost: bool,
        context: &'c Context,
    ) -> Result<Self, A::Error> {
        let entered = Entered::new(context);
        if entered.depth > DEEPEST {
            return Err(A::Error::custom("the value nests too deep"));
        }
        let mut members = Vec::new();
        while let Some(key) = inner.next_key_seed(KeyText)? {
            members.push((key, inner.next_value::<&'de RawValue>()?));
        }
        let mut absent = Vec::new();
        if let Some(fields) = fields {
            rename(&mut members, fields);
            if entered.context.supplies() {
                let is_absent = |field: &&str| members.iter().all(|(name, _)| name != *field);
                absent = fields.iter().copied().filter(is_absent).collect();
            }
        }
        Ok(Self {
            members: members.into_iter(),
            next: None,
            absent: absent.into_iter(),
            is_struct: fields.is_some(),
            is_outermost,
            entered,
        })
    }

    #[cold]
    fn next_key(&mut self) -> Option<Cow<'de, str>> {
        let is_sparse = !self.is_struct && self.entered.context.is_sparse();
        let is_kept = |value: &RawValue| !(is_sparse && is_nothing(value));
        let present = self.members.find(|(_, value)| is_kept(value));
        let present = present.map(|(name, value)| (name, Some(value)));
        let absent = || Some((Cow::Borrowed(self.absent.next()?), None));
        self.next = present.or_else(absent);
        self.next.as_ref().map(|(name, _)| name.clone())
    }

    #[cold]
    fn next_value<V: DeserializeSeed<'de>, E: Error>(&mut self, seed: V) -> Result<V::Value, E> {
        let (name, value) = self
            .next
            .take()
            .ok_or_else(|| E::custom("a value without a name"))?;
        let context = self.entered.context;
        let step = match self.is_struct {
            true => Step::Member(name.clone().into_owned()),
            false => Step::Entry(name.clone().into_owned()),
        };
        let member = Member {
            name: &name,
            fields: &[],
            is_outermost: self.is_struct && self.is_outermost,
        };
        if member.is_outermost && value.is_some() {
            context.count();
        }
        context.within(step, || {
            let read = match value {
                Some(value) => {
                    let mut source = Source::from_slice(value.get().as_bytes());
                    seed.deserialize(Reader::part(&mut source, context, Place::Member(&member)))
                }
                None => {
                    let nothing: Reader<'_, '_, &mut Source<'de>> = Reader::nothing(context);
                    seed.deserialize(nothing)
                }
            };
            read.map_err(|error| E::custom(message(&error)))
        })
    }
}

/// Gives members whose names differ from a documented one in case alone that name, and keeps
/// the last of members of one name.
fn rename<T>(members: &mut Vec<(Cow<'_, str>, T)>, fields: Fields) {
    for field in fields {
        if members.iter().any(|(name, _)| name == field) {
            continue;
        }
        let same = |(name, _): &&mut (Cow<'_, str>, T)| {
            name.eq_ignore_ascii_case(field) && !fields.contains(&&**name)
        };
        if let Some((name, _)) = members.iter_mut().find(same) {
            *name = Cow::Borrowed(field);
        }
    }
    let mut at = 0;
    while at < members.len() {
        let is_known = fields.contains(&&*members[at].0);
        let (_, later) = members.split_at(at + 1);
        if is_known && later.iter().any(|(name, _)| *name == members[at].0) {
            members.remove(at);
        } else {
            at += 1;
        }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Map<'_, 'de, A> {
    type Error = A::Error;

    #[inline(always)]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self {
            Self::Stream {
                inner,
                member: Some(member),
                ..
            } => inner.next_key_seed(Named {
                seed,
                name: &mut member.name,
            }),
            Self::Stream { inner, .. } => inner.next_key_seed(seed),
            Self::Members(members, _) => match members.next_key() {
                Some(name) => seed.deserialize(Key::new(name)).map(Some),
                None => Ok(None),
            },
        }
    }

    #[inline(always)]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self {
            Self::Stream {
                inner,
                context,
                member,
            } => {
                let place = match member {
                    Some(member) => {
                        if member.is_outermost {
                            context.count();
                        }
                        Place::Member(member)
                    }
                    None => Place::Inner,
                };
                inner.next_value_seed(Wrap {
                    seed,
                    context,
                    place,
                })
            }
            Self::Members(members, _) => members.next_value(seed),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        match self {
            Self::Stream { inner, .. } => inner.size_hint(),
            Self::Members(members, _) => Some(members.members.len()),
        }
    }
}

/// A list.
pub(super) enum Seq<'c, 'de, A> {
    Stream {
        inner: A,
        context: &'c Context,
        is_outermost: bool,
    },
    Items {
        items: vec::IntoIter<&'de RawValue>,
        index: usize,
        is_outermost: bool,
        context: &'c Context,
        kind: PhantomData<A>,
    },
}

impl<'c, 'de, A: SeqAccess<'de>> Seq<'c, 'de, A> {
    pub fn new(mut inner: A, is_outermost: bool, context: &'c Context) -> Result<Self, A::Error> {
        if !context.is_tolerant() {
            return Ok(Self::Stream {
                inner,
                context,
                is_outermost,
            });
        }
        let mut items = Vec::new();
        while let Some(item) = inner.next_element::<&'de RawValue>()? {
            items.push(item);
        }
        Ok(Self::Items {
            items: items.into_iter(),
            index: 0,
            is_outermost,
            context,
            kind: PhantomData,
        })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Seq<'_, 'de, A> {
    type Error = A::Error;

    #[inline(always)]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, A::Error> {
        match self {
            Self::Stream {
                inner,
                context,
                is_outermost,
            } => inner.next_element_seed(Wrap {
                seed,
                context,
                place: Place::inner(*is_outermost),
            }),
            Self::Items {
                items,
                index,
                is_outermost,
                context,
                ..
            } => {
                let is_sparse = context.is_sparse();
                loop {
                    let Some(item) = items.next() else {
                        return Ok(None);
                    };
                    let at = *index;
                    *index += 1;
                    if is_sparse && is_nothing(item) {
                        continue;
                    }
                    return context.within(Step::Index(at), || {
                        let mut source = Source::from_slice(item.get().as_bytes());
                        let place = Place::inner(*is_outermost);
                        seed.deserialize(Reader::part(&mut source, context, place))
                            .map(Some)
                            .map_err(|error| A::Error::custom(message(&error)))
                    });
                }
            }
        }
    }

    fn size_hint(&self) -> Option<usize> {
        match self {
            Self::Stream { inner, .. } => inner.size_hint(),
            Self::Items { items, .. } => Some(items.len()),
        }
    }
}

/// Whether a value is `null` or an empty string.
fn is_nothing(value: &RawValue) -> bool {
    matches!(value.get(), "null" | "\"\"")
}

/// The member whose value is read.
pub(super) struct Member<'m> {
    pub name: &'m str,
    /// The documented members beside it.
    pub fields: Fields,
    pub is_outermost: bool,
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) enum Place<'m> {
    /// The value itself, or an item of the list that it is.
    Outermost,
    Inner,
    Member(&'m Member<'m>),
}

impl Place<'_> {
    #[inline(always)]
    pub fn inner(is_outermost: bool) -> Self {
        match is_outermost {
            true => Self::Outermost,
            false => Self::Inner,
        }
    }
}

/// Has a part be read by a [`Reader`] as well.
struct Wrap<'c, 'm, S> {
    seed: S,
    context: &'c Context,
    place: Place<'m>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Wrap<'_, '_, S> {
    type Value = S::Value;

    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.seed
            .deserialize(Reader::part(deserializer, self.context, self.place))
    }
}

/// Notes the name of a member before a type reads it.
struct Named<'n, 'de, S> {
    seed: S,
    name: &'n mut &'de str,
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
struct KeyText;

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
struct Key<'de, E> {
    text: Cow<'de, str>,
    error: PhantomData<E>,
}

impl<'de, E> Key<'de, E> {
    fn new(text: Cow<'de, str>) -> Self {
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
