//! The items of all pages as one stream, the pages to come being fetched meanwhile.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use serde::Serialize;

use super::page::{Page, Position, Reached};
use super::walk::{Scheme, Walk};
use crate::{Error, ErrorKind};

/// How many pages are fetched ahead unless another number is set.
const AHEAD: usize = 2;

type Fetched<T, E> = Result<Page<T>, Error<E>>;
type Fetch<'a, T, E> = Box<dyn Fn(Position) -> BoxFuture<'a, Fetched<T, E>> + Send + 'a>;

/// The items of a list that the server hands out in pages.
///
/// While a page is consumed, the next ones are on their way: as many as
/// [`PageStream::with_pages_ahead`] says where the server tells a total and pages are found
/// by number, one where it does not. Nothing is spawned: requests are driven whenever
/// the stream is polled, and are cancelled when it is dropped.
///
/// It ends with an empty page, with one that is shorter than those before, or at the total
/// that the server tells; the total may change on the way. After an error it is over;
/// [`Error::reached`] says how many items came and where to go on. A server that sends a
/// page twice, or whose links lead in a circle or to another host, is an error.
///
/// ```no_run
/// # async fn example(mut tests: sixclicks_core::PageStream<'_, String>) -> Result<(), sixclicks_core::Error> {
/// while let Some(test) = tests.next().await {
///     println!("{}", test?);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is fetched before the stream is polled"]
pub struct PageStream<'a, T, E = ()> {
    operation: &'static str,
    walk: Walk,
    fetch: Fetch<'a, T, E>,
    /// What is left of the page that is being consumed.
    items: std::vec::IntoIter<T>,
    handed_out: u64,
    /// The pages that were asked for, in order: first those that have arrived.
    asked: VecDeque<Position>,
    arrived: VecDeque<Fetched<T, E>>,
    on_their_way: FuturesOrdered<BoxFuture<'a, Fetched<T, E>>>,
    /// The next page to ask for.
    next: Option<Position>,
    total: Option<u64>,
    ahead: usize,
}

impl<'a, T, E> PageStream<'a, T, E> {
    /// Pages that are found by the number of items before them.
    pub fn by_skip<F, P>(operation: &'static str, start: Option<u64>, fetch: F) -> Self
    where
        F: Fn(u64) -> P + Send + 'a,
        P: Future<Output = Fetched<T, E>> + Send + 'a,
    {
        let walk = Walk::new(Scheme::Skip, start.unwrap_or(0), None);
        Self::new(operation, walk, move |at| match at {
            Position::Skip(skip) => Box::pin(fetch(skip)),
            _ => Box::pin(fetch(0)),
        })
    }

    /// Pages that are found by their numbers, of which the API calls the first `first`.
    pub fn by_number<F, P>(
        operation: &'static str,
        first: u64,
        start: Option<u64>,
        size: Option<u64>,
        fetch: F,
    ) -> Self
    where
        F: Fn(u64) -> P + Send + 'a,
        P: Future<Output = Fetched<T, E>> + Send + 'a,
    {
        let start = start.unwrap_or(first);
        let before = match start.saturating_sub(first) {
            0 => Some(0),
            pages => size.and_then(|size| size.checked_mul(pages)),
        };
        let walk = Walk::new(Scheme::Number, start, before);
        Self::new(operation, walk, move |at| match at {
            Position::Number(number) => Box::pin(fetch(number)),
            _ => Box::pin(fetch(first)),
        })
    }

    /// Pages that are found by the link in the page before, below a base URL. The first
    /// is fetched without a link.
    pub fn by_link<F, P>(operation: &'static str, base_url: &str, fetch: F) -> Self
    where
        F: Fn(Option<String>) -> P + Send + 'a,
        P: Future<Output = Fetched<T, E>> + Send + 'a,
    {
        let walk = Walk::new(Scheme::Link(base_url.to_owned()), 0, None);
        Self::new(operation, walk, move |at| match at {
            Position::Link(link) => Box::pin(fetch(Some(link))),
            _ => Box::pin(fetch(None)),
        })
    }

    fn new(
        operation: &'static str,
        walk: Walk,
        fetch: impl Fn(Position) -> BoxFuture<'a, Fetched<T, E>> + Send + 'a,
    ) -> Self {
        Self {
            operation,
            next: Some(walk.first()),
            walk,
            fetch: Box::new(fetch),
            items: Vec::new().into_iter(),
            handed_out: 0,
            asked: VecDeque::new(),
            arrived: VecDeque::new(),
            on_their_way: FuturesOrdered::new(),
            total: None,
            ahead: AHEAD,
        }
    }

    /// Fetches this many pages ahead of the one that is consumed; with 0, a page is asked for
    /// when the one before is used up.
    pub fn with_pages_ahead(mut self, pages: usize) -> Self {
        self.ahead = pages;
        self
    }

    /// How many items there are on all pages, as far as the server has said.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// How far the stream has got.
    fn reached(&self, next: Position) -> Reached {
        Reached {
            items: self.handed_out,
            next,
        }
    }

    /// Asks for pages until enough are on their way.
    fn ask(&mut self) {
        let wanted = match self.items.len() {
            0 => self.ahead.max(1),
            _ => self.ahead,
        };
        while self.asked.len() < wanted {
            let Some(at) = self.next.take() else { break };
            self.next = self.walk.beyond(&at, self.total);
            self.on_their_way.push_back((self.fetch)(at.clone()));
            self.asked.push_back(at);
        }
    }

    /// Forgets the pages that were asked for.
    fn forget(&mut self, next: Option<Position>) {
        self.asked.clear();
        self.arrived.clear();
        self.on_their_way = FuturesOrdered::new();
        self.next = next;
    }
}

impl<T: Serialize, E> PageStream<'_, T, E> {
    /// The next item; none after the last.
    pub async fn next(&mut self) -> Option<Result<T, Error<E>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_item(context)).await
    }

    /// All items that are left.
    ///
    /// # Errors
    /// When a page cannot be had; the items before it are dropped.
    pub async fn collect_all(mut self) -> Result<Vec<T>, Error<E>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error<E>>>> {
        loop {
            self.ask();
            while let Poll::Ready(Some(page)) = self.on_their_way.poll_next_unpin(context) {
                self.arrived.push_back(page);
            }
            if let Some(item) = self.items.next() {
                self.handed_out += 1;
                return Poll::Ready(Some(Ok(item)));
            }
            let Some(page) = self.arrived.pop_front() else {
                return match self.asked.is_empty() && self.next.is_none() {
                    true => Poll::Ready(None),
                    false => Poll::Pending,
                };
            };
            let at = self.asked.pop_front().unwrap_or(Position::Start);
            if let Err(error) = page.and_then(|page| self.turn(&at, page)) {
                self.forget(None);
                return Poll::Ready(Some(Err(error.with_reached(self.reached(at)))));
            }
        }
    }

    /// Turns to a page that has arrived.
    fn turn(&mut self, at: &Position, page: Page<T>) -> Result<(), Error<E>> {
        let next = self
            .walk
            .arrived(at, &page)
            .map_err(|why| Error::new(ErrorKind::UnexpectedAnswer, self.operation, why))?;
        self.total = next.total.or(self.total.filter(|_| page.total.is_none()));
        // Pages that were asked for ahead count only if the list goes on where they begin.
        if next.at.is_none() || self.asked.front() != next.at.as_ref() {
            self.forget(next.at);
        }
        self.items = page.items.into_iter();
        Ok(())
    }
}

/// Nothing in it is pinned in its place: requests are boxed.
impl<T, E> Unpin for PageStream<'_, T, E> {}

impl<T: Serialize, E> Stream for PageStream<'_, T, E> {
    type Item = Result<T, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

impl<T, E> fmt::Debug for PageStream<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream")
            .field("operation", &self.operation)
            .field("handed_out", &self.handed_out)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}
