//! What an upgrade says about what it changed.

use std::io::{self, Write};

use serde_json::Value;

use super::pointer::Pointer;

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

/// The most bytes of a value that a note shows.
const SHOWN: usize = 100;

/// A value as JSON, cut short; costs no more than what it shows, however large the value.
#[must_use]
pub fn brief(value: &Value) -> String {
    let mut shown = Shown(Vec::with_capacity(SHOWN));
    let complete = serde_json::to_writer(&mut shown, value).is_ok();
    let text = String::from_utf8_lossy(&shown.0);
    if complete {
        text.into_owned()
    } else {
        format!("{}…", text.trim_end_matches('\u{fffd}'))
    }
}

struct Shown(Vec<u8>);

impl Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = SHOWN - self.0.len();
        self.0.extend(bytes.iter().take(room));
        if bytes.len() > room {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(bytes.len())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
