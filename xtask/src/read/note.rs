//! What reading changed in a document, and whether something was lost by it.

use std::fmt;

/// One thing that was not read to the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// JSON pointer of the place in the document; empty for the whole document.
    pub pointer: String,
    /// What stands there.
    pub was: String,
    /// How it was read.
    pub now: String,
    /// Whether the document says something there that was not kept.
    pub lost: bool,
}

impl Note {
    /// Something that was read as it is meant.
    pub fn adapted(
        pointer: impl Into<String>,
        was: impl Into<String>,
        now: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            was: was.into(),
            now: now.into(),
            lost: false,
        }
    }

    /// Something that could not be kept.
    pub fn lost(
        pointer: impl Into<String>,
        was: impl Into<String>,
        now: impl Into<String>,
    ) -> Self {
        Self {
            lost: true,
            ..Self::adapted(pointer, was, now)
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pointer, was, now, ..
        } = self;
        match pointer.as_str() {
            "" => write!(f, "{was}: {now}"),
            pointer => write!(f, "{pointer}: {was}: {now}"),
        }
    }
}
