//! How far an upload or a download has got.

use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;

/// What a progress callback is told after each chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes transferred so far.
    pub transferred: u64,
    /// Bytes in all, where that is known.
    pub total: Option<u64>,
}

/// Called after each chunk, on the task that transfers.
pub(crate) type Callback = Arc<dyn Fn(Progress) + Send + Sync>;

/// Passes a stream on and reports each chunk.
pub(crate) fn observe<S, E>(
    stream: S,
    total: Option<u64>,
    callback: Callback,
) -> impl Stream<Item = Result<Bytes, E>>
where
    S: Stream<Item = Result<Bytes, E>>,
{
    let mut transferred = 0;
    stream.inspect(move |chunk| {
        if let Ok(chunk) = chunk {
            transferred += chunk.len() as u64;
            callback(Progress { transferred, total });
        }
    })
}
