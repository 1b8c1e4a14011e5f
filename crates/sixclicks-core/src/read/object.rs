//! Objects as a [`Reader`] hands them to a type: straight from serde_json when it reads strictly,
//! from a list of their members when it reads tolerantly.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::vec;

use serde::de::{DeserializeSeed, Error, MapAccess};
use serde_json::value::RawValue;

use super::{
    DEEPEST,
    context::{Context, Step},
    key::{Key, KeyText, Named},
    list::is_nothing,
    place::{Fields, Member, Place, Wrap},
    reader::{Reader, Source},
    text::message,
};

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
    /// The documented members of a described object.
    fields: Option<Fields>,
    is_outermost: bool,
    entered: Entered<'c>,
}

/// An object that is being read.
pub(super) struct Entered<'c> {
    context: &'c Context,
    depth: usize,
}

impl<'c> Entered<'c> {
    /// Enters an object, unless it nests deeper than values may.
    pub fn new<E: Error>(context: &'c Context) -> Result<Self, E> {
        let entered = Self {
            context,
            depth: context.enter(),
        };
        match entered.depth > DEEPEST {
            true => Err(E::custom("the value nests too deep")),
            false => Ok(entered),
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
        let entered = Entered::new(context)?;
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
            fields,
            is_outermost,
            entered,
        })
    }

    #[cold]
    fn next_key(&mut self) -> Option<Cow<'de, str>> {
        let (is_sparse, fields) = (self.entered.context.is_sparse(), self.fields);
        let is_left_out =
            |name: &str, value| is_sparse && !is_described(fields, name) && is_nothing(value);
        let present = (self.members).find(|(name, value)| !is_left_out(name, value));
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
        let is_struct = self.fields.is_some();
        let step = match is_described(self.fields, &name) {
            true => Step::Member(name.clone().into_owned()),
            false => Step::Entry(name.clone().into_owned()),
        };
        let member = Member {
            name: &name,
            fields: &[],
            is_outermost: is_struct && self.is_outermost,
        };
        if member.is_outermost && value.is_some() {
            context.count();
        }
        context.within(step, || {
            let read = match value {
                Some(value) => {
                    let mut source = Source::from_str(value.get());
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

/// Whether a member is one of those that the document describes, and not an entry of a map or
/// another member of an object.
fn is_described(fields: Option<Fields>, name: &str) -> bool {
    fields.is_some_and(|fields| fields.contains(&name))
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
