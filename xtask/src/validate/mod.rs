//! Validation: what makes a document's meaning unknowable, each with the rule that it breaks.
//!
//! Much less than a schema validator says: whatever is plain in meaning is taken, however it bends
//! the rules.

mod parameters;
mod references;
mod shapes;

use serde_json::Value;

use crate::openapi::pointer::Pointer;
use crate::openapi::{DEEPEST, deeper_than, with_room};
use crate::upgrade::{Upgraded, upgrade};

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// The rule of the specification that is broken.
    pub rule: &'static str,
    /// What is wrong there, and what to do.
    pub message: String,
}

/// Problems as they are found.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, at: &Pointer, rule: &'static str, message: impl Into<String>) {
        self.0.push(Problem {
            pointer: at.to_string(),
            rule,
            message: message.into(),
        });
    }
}

/// What makes a document invalid, as received; nothing for a document that can be upgraded in full.
#[must_use]
pub fn validate(document: &Value) -> Vec<Problem> {
    validate_upgraded(document, upgrade(document.clone()).ok().as_ref())
}

/// The same of a document that was upgraded, or could not be.
#[must_use]
pub fn validate_upgraded(document: &Value, upgraded: Option<&Upgraded>) -> Vec<Problem> {
    let mut problems = Problems::default();
    if deeper_than(document, DEEPEST) {
        let message = format!("the document nests more than {DEEPEST} levels deep");
        problems.add(&Pointer::default(), "a document can be read", message);
        return problems.0;
    }
    with_room(|| {
        shapes::check(document, &mut problems);
        parameters::check(document, &mut problems);
        if let Some(upgraded) = upgraded {
            references::check(document, &upgraded.value, &mut problems);
        }
    });
    problems.0
}
