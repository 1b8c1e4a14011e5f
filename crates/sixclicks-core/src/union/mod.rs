//! Choosing the variant of a `oneOf` or `anyOf` that a value belongs to.

mod constant;
mod doubt;
mod memo;
mod open;
mod tagged;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use constant::Discriminator;
pub(crate) use tagged::write_tagged;

/// What the macros of this crate need.
#[doc(hidden)]
pub mod private {
    pub use super::constant::read_constant;
    pub use super::doubt::unlisted;
    pub use super::tagged::{Literal, Tag, Variant, has, tagged};
}

/// Reads a value as one variant; `None` when it does not parse.
pub type Candidate<U> = fn(&Value) -> Option<U>;

/// Picks the variant of an untagged union.
///
/// Among the variants that parse it is the first that serialises back to an
/// equal value and lists every value of an enum in it, otherwise the one that
/// keeps and lists the most. Properties that are `null` count as absent, and
/// `1.0` as `1`. `None` when nothing parses.
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
/// let pet = union::best(&json!({"name": "Rex", "barks": true}), &[
///     |v| union::parse(v).map(Pet::Cat),
///     |v| union::parse(v).map(Pet::Dog),
/// ]);
/// assert!(matches!(pet, Some(Pet::Dog(_))));
/// ```
pub fn best<U: Serialize>(value: &Value, candidates: &[Candidate<U>]) -> Option<U> {
    memo::choose((candidates, value), |known| match known {
        Some(Some(index)) => Some((index, candidates.get(index)?(value)?)),
        Some(None) => None,
        None => compare(value, candidates),
    })
}

/// Tries every candidate; the index of the best comes with it. One that makes a list of an
/// object, or the other way round, is none.
fn compare<U: Serialize>(value: &Value, candidates: &[Candidate<U>]) -> Option<(usize, U)> {
    let mut best: Option<(i64, (usize, U))> = None;
    for (index, candidate) in candidates.iter().enumerate() {
        let (read, doubts) = doubt::count(|| candidate(value));
        let Some(union) = read else {
            continue;
        };
        let written = serde_json::to_value(&union).unwrap_or(Value::Null);
        if doubts == 0 && same(value, &written) {
            return Some((index, union));
        }
        // serde takes a list for the fields of a struct; the document means an object.
        if value.is_array() != written.is_array() || value.is_object() != written.is_object() {
            continue;
        }
        // A member counts twice, by its name and its value.
        let score = kept(value, &written) - 2 * doubts;
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, (index, union)));
        }
    }
    best.map(|(_, choice)| choice)
}

/// Reads a value as a `T` without copying it first.
pub fn parse<'de, T: Deserialize<'de>>(value: &'de Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// The text of a discriminator, wherever in the object it stands.
///
/// A property of the same name in other letter case serves if the exact one is
/// missing.
///
/// ```
/// use serde_json::json;
/// use sixclicks_core::union;
/// let value = json!({"size": 3, "Kind": "box"});
/// assert_eq!(union::tag(&value, "kind"), Some("box"));
/// ```
pub fn tag<'a>(value: &'a Value, property: &str) -> Option<&'a str> {
    discriminator(value, property)?.as_str()
}

fn discriminator<'a>(value: &'a Value, property: &str) -> Option<&'a Value> {
    let object = value.as_object()?;
    object.get(property).or_else(|| {
        let found = object
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(property));
        found.map(|(_, value)| value)
    })
}

/// Whether two values are equal but for absent nulls and the spelling of numbers.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.iter()
                .all(|(name, value)| same(value, b.get(name).unwrap_or(&Value::Null)))
                && b.iter()
                    .all(|(name, value)| value.is_null() || a.contains_key(name))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Number(x), Value::Number(y)) => {
            x == y || ((x.is_f64() || y.is_f64()) && x.as_f64() == y.as_f64())
        }
        _ => a == b,
    }
}

/// How many values at the leaves of `original` are in `written`, less what was made up.
fn kept(original: &Value, written: &Value) -> i64 {
    match (original, written) {
        (Value::Object(original), Value::Object(written)) => {
            let kept: i64 = original
                .iter()
                .filter_map(|(name, value)| Some(1 + kept(value, written.get(name)?)))
                .sum();
            let made_up = written
                .iter()
                .filter(|(name, value)| !value.is_null() && !original.contains_key(*name))
                .count();
            kept - made_up as i64
        }
        (Value::Array(original), Value::Array(written)) => original
            .iter()
            .zip(written)
            .map(|(original, written)| kept(original, written))
            .sum(),
        (Value::Null, Value::Null) => 0,
        _ => i64::from(same(original, written)),
    }
}
