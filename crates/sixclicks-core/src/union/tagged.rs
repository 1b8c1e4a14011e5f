//! Unions whose variants are told apart by the value of one property.

use serde::{
    Serialize, Serializer,
    ser::{Error as _, SerializeMap},
};
use serde_json::value::RawValue;

use super::{Candidate, Received, best, doubt, memo, same};
use crate::{
    Json,
    read::{Scalar, Tree, integer, members},
};

/// A value of a discriminator, of the JSON type that the document gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// A string.
    Text(&'static str),
    /// An integer.
    Integer(i64),
    /// A boolean.
    Boolean(bool),
}

/// A literal of a macro call, which becomes a tag at compile time.
pub struct Literal<T>(pub T);

impl Literal<&'static str> {
    /// The tag.
    pub const fn tag(self) -> Tag {
        Tag::Text(self.0)
    }
}

impl Literal<i64> {
    /// The tag.
    pub const fn tag(self) -> Tag {
        Tag::Integer(self.0)
    }
}

impl Literal<bool> {
    /// The tag.
    pub const fn tag(self) -> Tag {
        Tag::Boolean(self.0)
    }
}

/// Whether one of the words behind a variant's tags in a macro call is this one.
pub const fn has(flags: &[&str], wanted: &str) -> bool {
    let mut index = 0;
    while index < flags.len() {
        let (flag, wanted) = (flags[index].as_bytes(), wanted.as_bytes());
        let mut at = 0;
        while at < flag.len() && at < wanted.len() && flag[at] == wanted[at] {
            at += 1;
        }
        if at == flag.len() && at == wanted.len() {
            return true;
        }
        index += 1;
    }
    false
}

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Boolean(truth) => serializer.serialize_bool(*truth),
        }
    }
}

impl Tag {
    /// Whether a received value means this tag: `1` and `"1"` mean the same, because
    /// servers do not always send the type that the document gives a discriminator.
    pub(super) fn means(self, received: &str) -> bool {
        let Ok(value) = serde_json::from_str::<Scalar<'_>>(received) else {
            return false;
        };
        match (self, value) {
            (Self::Text(own), Scalar::Text(text) | Scalar::Bare(text)) => *own == *text,
            (Self::Integer(own), Scalar::Text(text)) => text.parse() == Ok(own),
            (Self::Integer(own), Scalar::Bare(number)) => {
                integer(&number).is_some_and(|digits| digits.parse() == Ok(own))
            }
            (Self::Boolean(own), Scalar::Text(text)) => {
                text.eq_ignore_ascii_case(if own { "true" } else { "false" })
            }
            (Self::Boolean(own), Scalar::Bare(truth)) => truth.parse() == Ok(own),
        }
    }

    /// Whether a received text means this tag but for the case of its letters.
    pub(super) fn resembles(self, received: &str) -> bool {
        match (self, serde_json::from_str(received)) {
            (Self::Text(own), Ok(Scalar::Text(text))) => own.to_lowercase() == text.to_lowercase(),
            _ => false,
        }
    }
}

/// A variant of a tagged union.
pub struct Variant<U: 'static> {
    /// The tags that mean it, the one that is sent first. A variant without tags is the
    /// base: an object without a discriminator.
    pub tags: &'static [Tag],
    /// Whether it stands for missing tags and for tags that no variant lists.
    pub is_default: bool,
    /// Reads a value as the variant.
    pub read: Candidate<U>,
}

/// Picks the variant that a value's discriminator names.
///
/// A value without a discriminator is the base, if there is one. A value whose tag no
/// variant lists is the default variant, or else the variant that fits best.
pub fn tagged<U: Serialize>(value: &Json, property: &str, variants: &[Variant<U>]) -> Option<U> {
    let object = members(value.as_text());
    let tag = object.as_ref().and_then(|object| object.get(property));
    let tag = tag.filter(|tag| *tag != "null");
    if let Some(tag) = tag {
        let means = |variant: &&Variant<U>| variant.tags.iter().any(|own| own.means(tag));
        let resembles = |variant: &&Variant<U>| variant.tags.iter().any(|own| own.resembles(tag));
        let mut named: Vec<&Variant<U>> = variants.iter().filter(means).collect();
        if named.is_empty() {
            named = variants.iter().filter(resembles).collect();
        }
        if !named.is_empty() {
            return fitting(value, &named);
        }
    }
    let defaults: Vec<&Variant<U>> = variants.iter().filter(|v| v.is_default).collect();
    if let Some(union) = fitting(value, &defaults) {
        return Some(union);
    }
    if tag.is_some() {
        return lossless(value, property, variants);
    }
    let bases: Vec<&Variant<U>> = variants.iter().filter(|v| v.tags.is_empty()).collect();
    fitting(value, &bases).or_else(|| fitting(value, &variants.iter().collect::<Vec<_>>()))
}

/// Reads a value as the only variant, or as the one of several that fits best.
fn fitting<U: Serialize>(value: &Json, variants: &[&Variant<U>]) -> Option<U> {
    match variants {
        // serde takes a list for the fields of a struct; the document means an object.
        [only] if value.as_text().starts_with('{') => {
            memo::enter(value.as_text(), || (only.read)(&Received::new(value)))
        }
        several => {
            let candidates: Vec<Candidate<U>> = several.iter().map(|v| v.read).collect();
            best(value, &candidates)
        }
    }
}

/// Reads a value whose tag is unknown as a variant that keeps all of it: the base, or the
/// one that lists most of its values. Where several are as good, nothing tells which of them
/// is meant.
fn lossless<U: Serialize>(value: &Json, property: &str, variants: &[Variant<U>]) -> Option<U> {
    let reads: Vec<Candidate<U>> = variants.iter().map(|variant| variant.read).collect();
    let text = value.as_text();
    memo::choose(
        (property, reads.as_slice(), text),
        text,
        |known| match known {
            Some(Some(index)) => Some((index, reads.get(index)?(&Received::new(value))?)),
            Some(None) => None,
            None => alone(value, property, variants),
        },
    )
}

/// The variant that keeps all of a value but its tag, if there is one such variant.
fn alone<U: Serialize>(
    value: &Json,
    property: &str,
    variants: &[Variant<U>],
) -> Option<(usize, U)> {
    let bare = untagged(Tree::parse(value.as_text())?, property);
    let mut best: Option<(u64, (usize, U))> = None;
    let mut is_alone = true;
    for (index, variant) in variants.iter().enumerate() {
        let (read, doubts) = doubt::count(|| (variant.read)(&Received::new(value)));
        let Some(union) = read else { continue };
        let written = serde_json::to_string(&union).unwrap_or_default();
        let Some(written) = Tree::parse(&written) else {
            continue;
        };
        if !same(&bare, &untagged(written, property)) {
            continue;
        }
        if variant.tags.is_empty() {
            doubt::add(doubts);
            return Some((index, union));
        }
        match &best {
            Some((least, _)) if doubts > *least => {}
            Some((least, _)) if doubts == *least => is_alone = false,
            _ => {
                best = Some((doubts, (index, union)));
                is_alone = true;
            }
        }
    }
    let (doubts, choice) = best.filter(|_| is_alone)?;
    doubt::add(doubts);
    Some(choice)
}

/// The members of an object without its discriminator.
fn untagged<'a>(value: Tree<'a>, property: &str) -> Tree<'a> {
    match value {
        Tree::Object(mut members) => {
            members.retain(|(name, _)| !name.eq_ignore_ascii_case(property));
            Tree::Object(members)
        }
        other => other,
    }
}

/// Writes an object with its discriminator first, as System.Text.Json requires it. The
/// object's own value is kept if it is one of the variant's.
pub(crate) fn write_tagged<S: Serializer>(
    serializer: S,
    property: &str,
    tags: &[Tag],
    inner: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let text = serde_json::to_string(inner).map_err(S::Error::custom)?;
    let Some(object) = members(&text) else {
        let value: &RawValue = serde_json::from_str(&text).map_err(S::Error::custom)?;
        return value.serialize(serializer);
    };
    let is_property = |name: &str| name == property;
    let own = object.0.iter().rev().find(|(name, _)| is_property(name));
    let own = own
        .map(|(_, own)| *own)
        .filter(|own| tags.is_empty() || tags.iter().any(|tag| tag.means(own.get())))
        .filter(|own| own.get() != "null");
    let first = tags.first().copied();
    let mut map = serializer.serialize_map(None)?;
    match (own, first) {
        (Some(own), _) => map.serialize_entry(property, own)?,
        (None, Some(tag)) => map.serialize_entry(property, &tag)?,
        (None, None) => {}
    }
    for (name, value) in object.0.iter().filter(|(name, _)| !is_property(name)) {
        map.serialize_entry(name, value)?;
    }
    map.end()
}
