//! Choosing the variant of a `oneOf` or `anyOf` that a value belongs to.
//!
//! Values are chosen among as text, so that no digit of a number is lost on the way.

mod constant;
mod doubt;
mod fit;
mod memo;
mod open;
mod received;
mod tagged;

use serde::{Serialize, de::DeserializeOwned};

pub use constant::Discriminator;
pub use received::Received;
pub(crate) use tagged::write_tagged;

use self::{
    fit::{Kept, kept, same},
    received::Rules,
};
use crate::{
    Json,
    read::{DEEPEST, Tree, is_deeper_than, members},
};

/// What the macros of this crate need.
#[doc(hidden)]
pub mod private {
    pub use super::constant::read_constant;
    pub use super::doubt::unlisted;
    pub use super::tagged::{Literal, Tag, Variant, has, tagged};
    pub use super::{parse, received::Received};
}

/// Reads a value as one variant; `None` when it does not parse.
pub type Candidate<U> = fn(&Received<'_>) -> Option<U>;

/// Picks the variant of an untagged union.
///
/// Among the variants that parse it is the first that serialises back to an
/// equal value and lists every value of an enum in it, otherwise the one that
/// keeps and lists the most. Properties that are `null` count as absent, and
/// `1.0` as `1`. A variant that is read by tolerant rules only, such as one with a number in a
/// string, is taken when it keeps more members than any other. `None` when nothing parses.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use serde_json::json;
/// use sixclicks_core::union;
///
/// #[derive(Serialize, Deserialize)]
/// struct Cat { name: String }
/// #[derive(Serialize, Deserialize)]
/// struct Dog { name: String, barks: Option<bool> }
///
/// #[derive(Serialize)]
/// #[serde(untagged)]
/// enum Pet { Cat(Cat), Dog(Dog) }
///
/// let pet = union::best(&json!({"name": "Rex", "barks": true}).into(), &[
///     |v| union::parse(v).map(Pet::Cat),
///     |v| union::parse(v).map(Pet::Dog),
/// ]);
/// assert!(matches!(pet, Some(Pet::Dog(_))));
/// ```
pub fn best<U: Serialize>(value: &Json, candidates: &[Candidate<U>]) -> Option<U> {
    let text = value.as_text();
    memo::choose((candidates, text), text, |known| match known {
        Some(Some(index)) => Some((index, candidates.get(index)?(&Received::new(value))?)),
        Some(None) => None,
        None => compare(text, candidates),
    })
}

/// A variant as one of the candidates reads it.
struct Choice<U> {
    index: usize,
    union: U,
    kept: Kept,
    doubts: u64,
}

impl<U> Choice<U> {
    fn score(&self) -> i64 {
        // A member counts twice, by its name and its value.
        self.kept.score() - 2 * i64::try_from(self.doubts).unwrap_or(i64::MAX / 4)
    }

    /// The choice for good, whose unlisted values now count.
    fn take(self) -> (usize, U) {
        doubt::add(self.doubts);
        (self.index, self.union)
    }
}

/// Tries every candidate; the index of the best comes with it. One that makes a list of an
/// object, or the other way round, is none.
fn compare<U: Serialize>(text: &str, candidates: &[Candidate<U>]) -> Option<(usize, U)> {
    let value = Tree::parse(text)?;
    let mut strict: Option<Choice<U>> = None;
    let mut others = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        match attempt(index, *candidate, text, &value, Rules::Strict) {
            Attempt::Exact(choice) => return Some(choice.take()),
            Attempt::Partial(choice) => {
                if strict
                    .as_ref()
                    .is_none_or(|best| choice.score() > best.score())
                {
                    strict = Some(choice);
                }
            }
            Attempt::Failed => others.push((index, *candidate)),
        }
    }
    let mut tolerant: Option<Choice<U>> = None;
    for (index, candidate) in others {
        let choice = match attempt(index, candidate, text, &value, Rules::Tolerant) {
            Attempt::Exact(choice) => choice,
            // A scalar of another kind is kept as it came instead.
            Attempt::Partial(choice) if is_list(&value) || is_object(&value) => choice,
            _ => continue,
        };
        if tolerant
            .as_ref()
            .is_none_or(|best| choice.score() > best.score())
        {
            tolerant = Some(choice);
        }
    }
    let chosen = match (strict, tolerant) {
        (Some(strict), Some(tolerant)) if tolerant.kept.names > strict.kept.names => tolerant,
        (Some(choice), _) | (None, Some(choice)) => choice,
        (None, None) => return None,
    };
    Some(chosen.take())
}

fn is_list(value: &Tree<'_>) -> bool {
    matches!(value, Tree::List(_))
}

fn is_object(value: &Tree<'_>) -> bool {
    matches!(value, Tree::Object(_))
}

/// What became of a candidate.
enum Attempt<U> {
    /// Nothing is lost, and every value is listed.
    Exact(Choice<U>),
    Partial(Choice<U>),
    Failed,
}

fn attempt<U: Serialize>(
    index: usize,
    candidate: Candidate<U>,
    text: &str,
    value: &Tree<'_>,
    rules: Rules,
) -> Attempt<U> {
    let (read, doubts) = doubt::count(|| candidate(&Received::by(text, rules)));
    let Some(union) = read else {
        return Attempt::Failed;
    };
    let written = serde_json::to_string(&union).unwrap_or_default();
    let Some(written) = Tree::parse(&written) else {
        return Attempt::Failed;
    };
    let is_exact = doubts == 0 && same(value, &written);
    if !is_exact && (is_list(value) != is_list(&written) || is_object(value) != is_object(&written))
    {
        return Attempt::Failed;
    }
    let kept = kept(value, &written);
    let choice = Choice {
        index,
        union,
        kept,
        doubts,
    };
    match is_exact {
        true => Attempt::Exact(choice),
        false => Attempt::Partial(choice),
    }
}

/// Reads a received value as a `T`.
pub fn parse<T: DeserializeOwned>(value: &Received<'_>) -> Option<T> {
    value.read()
}

/// The text of a discriminator, wherever in the object it stands.
///
/// A property of the same name in other letter case serves if the exact one is
/// missing.
///
/// ```
/// use serde_json::json;
/// use sixclicks_core::union;
/// let value = json!({"size": 3, "Kind": "box"}).into();
/// assert_eq!(union::tag(&value, "kind").as_deref(), Some("box"));
/// ```
pub fn tag(value: &Json, property: &str) -> Option<String> {
    let tag = members(value.as_text())?.get(property)?;
    serde_json::from_str(tag).ok()
}
