//! Where a value stands, so that its reader knows whether a documented member was missed.

use serde::de::{DeserializeSeed, Deserializer};

use super::{context::Context, reader::Reader};

/// The names of the documented members of an object.
pub(super) type Fields = &'static [&'static str];

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
pub(super) struct Wrap<'c, 'm, S> {
    pub seed: S,
    pub context: &'c Context,
    pub place: Place<'m>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Wrap<'_, '_, S> {
    type Value = S::Value;

    #[inline(always)]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.seed
            .deserialize(Reader::part(deserializer, self.context, self.place))
    }
}
