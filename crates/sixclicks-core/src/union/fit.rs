//! How well a variant that was read stands for the value that it was read from.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::read::{Tree, same_number};

type Members<'a> = [(Cow<'a, str>, Tree<'a>)];

/// The members of an object by their names.
struct Index<'t, 'a>(HashMap<&'t str, &'t Tree<'a>>);

impl<'t, 'a> Index<'t, 'a> {
    fn new(members: &'t Members<'a>) -> Self {
        let members = members.iter().map(|(name, value)| (&**name, value));
        Self(members.collect())
    }

    fn get(&self, name: &str) -> Option<&'t Tree<'a>> {
        self.0.get(name).copied()
    }

    /// The member of this name, or of one that differs in case alone.
    fn similar(&self, name: &str) -> Option<&'t Tree<'a>> {
        self.get(name).or_else(|| {
            let mut all = self.0.iter();
            all.find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| *value)
        })
    }
}

/// Whether two values are equal but for absent nulls and the spelling of numbers.
pub(super) fn same(a: &Tree<'_>, b: &Tree<'_>) -> bool {
    match (a, b) {
        (Tree::Object(a), Tree::Object(b)) => {
            let (of_a, of_b) = (Index::new(a), Index::new(b));
            a.iter()
                .all(|(name, value)| same(value, of_b.get(name).unwrap_or(&Tree::Null)))
                && b.iter()
                    .all(|(name, value)| matches!(value, Tree::Null) || of_a.get(name).is_some())
        }
        (Tree::List(a), Tree::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Tree::Number(a), Tree::Number(b)) => same_number(a, b),
        (Tree::Text(a), Tree::Text(b)) => a == b,
        (Tree::Boolean(a), Tree::Boolean(b)) => a == b,
        (Tree::Null, Tree::Null) => true,
        _ => false,
    }
}

/// What of a value a variant has kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// Members, by their names.
    pub names: i64,
    /// Texts, numbers and booleans.
    values: i64,
    /// Members that the value does not have.
    made_up: i64,
}

impl Kept {
    /// How much it is, less what was made up.
    pub fn score(self) -> i64 {
        self.names + self.values - self.made_up
    }

    fn add(&mut self, other: Self) {
        self.names += other.names;
        self.values += other.values;
        self.made_up += other.made_up;
    }
}

/// What of `original` is in `written`.
pub(super) fn kept(original: &Tree<'_>, written: &Tree<'_>) -> Kept {
    let mut all = Kept::default();
    match (original, written) {
        (Tree::Object(original), Tree::Object(written)) => {
            let (of_original, of_written) = (Index::new(original), Index::new(written));
            for (name, value) in original {
                if let Some(other) = of_written.similar(name) {
                    all.names += 1;
                    all.add(kept(value, other));
                }
            }
            let is_made_up = |(name, value): &&(Cow<'_, str>, Tree<'_>)| {
                !matches!(value, Tree::Null) && of_original.similar(name).is_none()
            };
            all.made_up += written.iter().filter(is_made_up).count() as i64;
        }
        (Tree::List(original), Tree::List(written)) => {
            for (original, written) in original.iter().zip(written) {
                all.add(kept(original, written));
            }
        }
        (Tree::Number(a), Tree::Number(b)) => {
            all.values += i64::from(same_number(a, b) || same_float(a, b));
        }
        (Tree::Null, Tree::Null) => {}
        _ => all.values += i64::from(same(original, written)),
    }
    all
}

/// Whether two numbers with a fraction or an exponent are the same but for rounding.
fn same_float(a: &str, b: &str) -> bool {
    let float = |text: &str| text.parse::<f64>().ok();
    a.contains(['.', 'e', 'E']) && float(a).is_some() && float(a) == float(b)
}
