//! What an upgrade says about what it changed.

use crate::openapi::pointer::Pointer;

/// One change that an upgrade made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where, as a JSON pointer into the document as received (or, for what an earlier step moved,
    /// into the upgraded one).
    pub pointer: String,
    /// What kind of thing was changed, in the words of the specification.
    pub construct: &'static str,
    /// What stood there, shortened.
    pub was: String,
    /// What stands there now, shortened.
    pub now: String,
    /// Whether something that a caller could have used is gone.
    pub lossy: bool,
}

/// The notes of one run.
#[derive(Debug, Default)]
pub struct Notes(Vec<Note>);

impl Notes {
    /// A change that keeps the meaning.
    pub fn add(
        &mut self,
        at: &Pointer,
        construct: &'static str,
        was: impl Into<String>,
        now: impl Into<String>,
    ) {
        self.push(at, construct, was.into(), now.into(), false);
    }

    /// A change that loses something.
    pub fn lose(
        &mut self,
        at: &Pointer,
        construct: &'static str,
        was: impl Into<String>,
        now: impl Into<String>,
    ) {
        self.push(at, construct, was.into(), now.into(), true);
    }

    fn push(
        &mut self,
        at: &Pointer,
        construct: &'static str,
        was: String,
        now: String,
        lossy: bool,
    ) {
        self.0.push(Note {
            pointer: at.to_string(),
            construct,
            was,
            now,
            lossy,
        });
    }

    /// All of them, in the order in which they were made.
    #[must_use]
    pub fn into_vec(self) -> Vec<Note> {
        self.0
    }
}
