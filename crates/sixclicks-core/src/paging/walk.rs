//! From page to page: where the next one begins, and whether there is one.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use reqwest::Url;
use serde::Serialize;

use super::page::{Page, Position};

/// How an API finds its pages.
#[derive(Clone, Debug)]
pub(super) enum Scheme {
    /// By the number of items before the page.
    Skip,
    /// By the page's number.
    Number,
    /// By the link that the page before has; resolved against this base URL.
    Link(String),
}

/// The way through the pages of one list.
pub(super) struct Walk {
    scheme: Scheme,
    /// Where the first page begins, and how many items are known to be before it.
    start: u64,
    before: Option<u64>,
    /// How many items a page has: as many as the first, or the longest since.
    stride: Option<u64>,
    received: u64,
    /// Digests of the pages and links that there have been.
    seen: HashSet<u64>,
}

/// What follows a page.
pub(super) struct Next {
    /// Where the next page begins; none after the last.
    pub at: Option<Position>,
    /// How many items there are, if the server said so and can be believed.
    pub total: Option<u64>,
}

impl Walk {
    pub fn new(scheme: Scheme, start: u64, before: Option<u64>) -> Self {
        Self {
            scheme,
            start,
            before,
            stride: None,
            received: 0,
            seen: HashSet::new(),
        }
    }

    pub fn first(&self) -> Position {
        match self.scheme {
            Scheme::Skip => Position::Skip(self.start),
            Scheme::Number => Position::Number(self.start),
            Scheme::Link(_) => Position::Start,
        }
    }

    /// The position one page further, while the total says that there is one. Links cannot
    /// be foretold.
    pub fn beyond(&self, at: &Position, total: Option<u64>) -> Option<Position> {
        let (stride, total) = (self.stride?, total?);
        let (next, items) = match at {
            Position::Skip(skip) => {
                let next = skip.checked_add(stride)?;
                (Position::Skip(next), next)
            }
            Position::Number(number) => {
                let next = number.checked_add(1)?;
                let pages = next.checked_sub(self.start)?;
                let items = pages.checked_mul(stride)?.checked_add(self.before?)?;
                (Position::Number(next), items)
            }
            _ => return None,
        };
        (items < total).then_some(next)
    }

    /// Takes note of a page that has arrived.
    ///
    /// # Errors
    /// When the server goes in circles, or its link leads to another host.
    pub fn arrived<T: Serialize>(
        &mut self,
        at: &Position,
        page: &Page<T>,
    ) -> Result<Next, &'static str> {
        if let Scheme::Link(base) = &self.scheme {
            let at = match &page.link {
                Some(link) => Some(inside(base, link)?),
                None => None,
            };
            if let Some(link) = &at
                && !self.seen.insert(digest(|hasher| link.hash(hasher)))
            {
                return Err("the server's next link leads back to a page that was read before");
            }
            return Ok(Next {
                at: at.map(Position::Link),
                total: None,
            });
        }
        let count = page.items.len() as u64;
        if count == 0 {
            return Ok(Next {
                at: None,
                total: None,
            });
        }
        if !self.seen.insert(fingerprint(&page.items)) {
            return Err("the server sent a page a second time, though another was asked for");
        }
        // A server that caps pages below what was asked shows it on the first one, which is
        // why a short first page alone is not the end.
        let first = self.stride.is_none();
        let stride = self.stride.unwrap_or(count);
        self.stride = Some(stride.max(count));
        self.received += count;
        let (next, until) = match at {
            Position::Skip(skip) => {
                let next = skip.saturating_add(stride.max(count));
                (Position::Skip(next), Some(skip.saturating_add(count)))
            }
            Position::Number(number) => (
                Position::Number(number.saturating_add(1)),
                self.before.map(|before| before + self.received),
            ),
            Position::Start | Position::Link(_) => return Err("the server's page has no place"),
        };
        // A total below what has arrived already is out of date, or counts something else.
        let total = page
            .total
            .filter(|total| until.is_some_and(|until| *total >= until));
        let more = match (total, until) {
            (Some(total), Some(until)) => until < total,
            _ => first || count >= stride,
        };
        Ok(Next {
            at: more.then_some(next),
            total,
        })
    }
}

/// Path and query of a link, if it stays on the host.
///
/// Scheme and port are not looked at, for many servers behind a proxy do not know their
/// own; they stay those of the base URL.
fn inside(base: &str, link: &str) -> Result<String, &'static str> {
    let base = Url::parse(base).map_err(|_| "the base URL is none")?;
    let url = base
        .join(link.trim())
        .map_err(|_| "the server's next link is no URL")?;
    if url.host() != base.host() || !matches!(url.scheme(), "http" | "https") {
        return Err("the server's next link leads to another host, where the token must not go");
    }
    Ok(match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    })
}

/// What tells one page from another.
fn fingerprint<T: Serialize>(items: &[T]) -> u64 {
    struct Sink<'a>(&'a mut DefaultHasher);
    impl io::Write for Sink<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    digest(|hasher| {
        // Whatever was read from JSON can be written as JSON.
        let _ = serde_json::to_writer(Sink(hasher), items);
    })
}

fn digest(write: impl FnOnce(&mut DefaultHasher)) -> u64 {
    let mut hasher = DefaultHasher::new();
    write(&mut hasher);
    hasher.finish()
}
