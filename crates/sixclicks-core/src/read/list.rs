//! Lists as a [`Reader`] hands them to a type: straight from serde_json when it reads strictly,
//! from their items when it reads tolerantly.

use std::marker::PhantomData;
use std::vec;

use serde::de::{DeserializeSeed, Error, SeqAccess};
use serde_json::value::RawValue;

use super::{
    context::{Context, Step},
    place::{Place, Wrap},
    reader::{Reader, Source},
    text::message,
};

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
                        let mut source = Source::from_str(item.get());
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
pub(super) fn is_nothing(value: &RawValue) -> bool {
    matches!(value.get(), "null" | "\"\"")
}
