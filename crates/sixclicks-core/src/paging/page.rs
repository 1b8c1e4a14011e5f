//! One page, where it begins, and how far a stream of pages has got.

use std::fmt;

/// One page as an operation answered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) total: Option<u64>,
    pub(super) link: Option<String>,
}

impl<T> Page<T> {
    /// A page with its items.
    pub fn new(items: Vec<T>) -> Self {
        Self {
            items,
            total: None,
            link: None,
        }
    }

    /// How many items there are on all pages, as the server says.
    #[must_use]
    pub fn with_total(mut self, total: Option<u64>) -> Self {
        self.total = total;
        self
    }

    /// The link to the next page; none, or an empty one, on the last.
    #[must_use]
    pub fn with_link(mut self, link: Option<String>) -> Self {
        self.link = link.filter(|link| !link.trim().is_empty());
        self
    }
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Position {
    /// At the beginning.
    Start,
    /// After this many items (`skipCount`, `$skip`, `offset`).
    Skip(u64),
    /// At the page of this number, counted as the API counts.
    Number(u64),
    /// Where the server's link leads: path and query.
    Link(String),
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("the first page"),
            Self::Skip(count) => write!(f, "item {count}"),
            Self::Number(number) => write!(f, "page {number}"),
            Self::Link(_) => f.write_str("the next link"),
        }
    }
}

/// How far a stream had got when it failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reached {
    /// How many items the stream has handed out.
    pub items: u64,
    /// Where the page begins that failed: a stream that starts there goes on without a gap.
    pub next: Position,
}
