//! Lists that the server hands out in pages, read as one stream of items.

mod page;
mod stream;
mod walk;

pub use page::{Page, Position, Reached};
pub use stream::PageStream;

/// A count as documents have it, if it is one: what is negative counts nothing.
#[doc(hidden)]
pub fn count(number: impl TryInto<u64>) -> Option<u64> {
    number.try_into().ok()
}
