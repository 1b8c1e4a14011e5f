//! What a reading knows beside the text: its rules, where it is, and what an earlier attempt
//! has taught it.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt::Write as _;

use serde::de::DeserializeOwned;

use super::reader::{Reader, Source};

/// How often a reading starts anew with what it has learnt. Each time it knows one member more.
const ATTEMPTS: usize = 64;

/// A step from a value into one of its parts.
pub(super) enum Step {
    Index(usize),
    Member(String),
    /// A value of a map, not of a described object.
    Entry(String),
}

/// What a value is that could not be read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Found {
    #[default]
    Other,
    Null,
    /// An empty string.
    Blank,
}

/// The state of one reading.
#[derive(Default)]
pub(super) struct Context {
    is_tolerant: bool,
    /// Whether no value is an empty text.
    is_text: bool,
    suspicious: Cell<bool>,
    depth: Cell<usize>,
    /// Members of the outermost object: how many there are, and how many were used.
    members: Cell<(usize, usize)>,
    path: RefCell<Vec<Step>>,
    found: Cell<Found>,
    /// Where an empty string stands for no value.
    blank: HashSet<String>,
    /// Which lists and maps have nulls that their type cannot hold.
    sparse: HashSet<String>,
    /// Whether absent members are given a chance to be empty lists.
    supplies: bool,
    attempts: usize,
}

impl Context {
    pub fn strict() -> Self {
        Self::default()
    }

    pub fn tolerant() -> Self {
        Self {
            is_tolerant: true,
            ..Self::default()
        }
    }

    /// For no value; a string may be an empty text.
    pub fn nothing(is_text: bool) -> Self {
        Self {
            is_text,
            ..Self::tolerant()
        }
    }

    pub fn is_text(&self) -> bool {
        self.is_text
    }

    #[inline]
    pub fn is_tolerant(&self) -> bool {
        self.is_tolerant
    }

    pub fn supplies(&self) -> bool {
        self.supplies
    }

    pub fn read<T: DeserializeOwned>(&self, json: &str) -> serde_json::Result<T> {
        let mut source = Source::from_str(json);
        let value = T::deserialize(Reader::new(&mut source, self))?;
        source.end()?;
        Ok(value)
    }

    /// Notes that a strict reading may have missed something.
    pub fn suspect(&self) {
        self.suspicious.set(true);
    }

    pub fn is_suspicious(&self) -> bool {
        self.suspicious.get()
    }

    /// Enters an object; counts its members if it is the outermost value.
    pub fn enter(&self) -> usize {
        let depth = self.depth.get() + 1;
        self.depth.set(depth);
        depth
    }

    pub fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Counts a member of the outermost object, as one that is used.
    pub fn count(&self) {
        let (all, used) = self.members.get();
        self.members.set((all + 1, used + 1));
    }

    /// Corrects the count after a member that was not used.
    pub fn ignore(&self) {
        let (all, used) = self.members.get();
        self.members.set((all, used.saturating_sub(1)));
    }

    /// Whether any member of the outermost object was used.
    pub fn is_used(&self) -> bool {
        self.members.get().1 > 0
    }

    /// Whether the outermost value is an object of which no member was used.
    pub fn is_foreign(&self) -> bool {
        matches!(self.members.get(), (1.., 0))
    }

    /// Runs `read` on a part of the value. The path stays where it fails.
    pub fn within<T, E>(&self, step: Step, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.path.borrow_mut().push(step);
        let value = read()?;
        self.path.borrow_mut().pop();
        Ok(value)
    }

    /// Notes what is about to be read.
    pub fn look_at(&self, text: &str) {
        self.found.set(match text {
            "null" => Found::Null,
            "\"\"" => Found::Blank,
            _ => Found::Other,
        });
    }

    /// Whether an empty string stands for no value here.
    pub fn is_blank(&self) -> bool {
        !self.blank.is_empty() && self.blank.contains(&self.shape(&self.path.borrow()))
    }

    /// Whether nulls are left out of the list or map here.
    pub fn is_sparse(&self) -> bool {
        !self.sparse.is_empty() && self.sparse.contains(&self.shape(&self.path.borrow()))
    }

    /// Takes a failure into account. Returns whether another attempt can succeed.
    pub fn learn(&mut self, message: &str) -> bool {
        let path = std::mem::take(&mut *self.path.borrow_mut());
        self.depth.set(0);
        self.members.set((0, 0));
        self.attempts += 1;
        if self.attempts >= ATTEMPTS {
            return false;
        }
        let (found, here) = (self.found.get(), self.shape(&path));
        if found == Found::Blank && self.blank.insert(here) {
            return true;
        }
        if found != Found::Other
            && let Some((Step::Index(_) | Step::Entry(_), holder)) = path.split_last()
        {
            return self.sparse.insert(self.shape(holder));
        }
        if message.starts_with("missing field") && !self.supplies {
            self.supplies = true;
            return true;
        }
        false
    }

    /// The path for people: `items[3].mode`.
    pub fn path(&self) -> String {
        let mut text = String::new();
        for step in &*self.path.borrow() {
            match step {
                Step::Index(index) => {
                    let _ = write!(text, "[{index}]");
                }
                Step::Member(name) | Step::Entry(name) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(name);
                }
            }
        }
        text
    }

    /// The path without the parts that differ from item to item.
    fn shape(&self, path: &[Step]) -> String {
        let mut text = String::new();
        for step in path {
            match step {
                Step::Index(_) => text.push_str("[]"),
                Step::Entry(_) => text.push_str("{}"),
                Step::Member(name) => {
                    text.push('/');
                    text.push_str(name);
                }
            }
        }
        text
    }
}
