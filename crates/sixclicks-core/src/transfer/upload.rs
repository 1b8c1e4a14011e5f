//! Watches the body of a request on its way, so that an upload is aborted when it stands still rather
//! than when it takes long.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// Bodies in memory that are larger are uploads; others are sent at once.
const LARGE: usize = 256 * 1024;

/// How much of a body is handed to the connection at a time.
const CHUNK: usize = 64 * 1024;

/// The body of a request on its way.
#[derive(Clone, Debug)]
pub struct UploadWatch(Arc<Mutex<Moved>>);

#[derive(Clone, Copy, Debug)]
struct Moved {
    /// When the connection took the last bytes.
    last: Instant,
    /// Whether it has taken all of them.
    ended: bool,
}

impl UploadWatch {
    /// Watches the body of a request, if it is an upload: a stream, or more than 256 KiB in memory.
    pub fn of(request: &mut reqwest::Request) -> Option<Self> {
        let body = request.body()?;
        if body.as_bytes().is_some_and(|bytes| bytes.len() <= LARGE) {
            return None;
        }
        let moved = Moved {
            last: Instant::now(),
            ended: false,
        };
        let watch = Self(Arc::new(Mutex::new(moved)));
        let inner = request.body_mut().take()?;
        *request.body_mut() = Some(reqwest::Body::wrap(Watched {
            inner,
            rest: Bytes::new(),
            watch: watch.clone(),
        }));
        Some(watch)
    }

    /// Waits for the response to the upload.
    ///
    /// # Errors
    /// When the connection takes no byte of the body for as long as `silence`, or when the response
    /// does not begin within `limit` after the whole body was taken. The error is the message.
    pub async fn guard<F: Future>(
        &self,
        response: F,
        silence: Duration,
        limit: Duration,
    ) -> Result<F::Output, String> {
        let mut response = pin!(response);
        loop {
            let moved = self.moved();
            let length = if moved.ended { limit } else { silence };
            let Some(until) = moved.last.checked_add(length) else {
                return Ok(response.await);
            };
            // The end of the body is noticed in time for the limit that begins with it.
            let wake = Instant::now().checked_add(limit);
            let wake = wake.map_or(until, |wake| wake.min(until));
            if let Ok(output) = tokio::time::timeout_at(wake.into(), response.as_mut()).await {
                return Ok(output);
            }
            let now = self.moved();
            if Instant::now() < until || now.last > moved.last || now.ended != moved.ended {
                continue;
            }
            return Err(if now.ended {
                format!("no response within {limit:?} after the upload")
            } else {
                format!("no byte was sent within {silence:?}, and the upload was aborted")
            });
        }
    }

    fn moved(&self) -> Moved {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, ended: bool) {
        let mut moved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        moved.last = Instant::now();
        moved.ended |= ended;
    }
}

struct Watched {
    inner: reqwest::Body,
    /// What is left of the last frame.
    rest: Bytes,
    watch: UploadWatch,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        let this = self.get_mut();
        if this.rest.is_empty() {
            let frame = ready!(Pin::new(&mut this.inner).poll_frame(context));
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(bytes))) => this.rest = bytes,
                Some(Ok(Err(other))) => return Poll::Ready(Some(Ok(other))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    this.watch.note(true);
                    return Poll::Ready(None);
                }
            }
        }
        let chunk = this.rest.split_to(this.rest.len().min(CHUNK));
        // A body of known length may not be asked for its end.
        this.watch.note(this.is_end_stream());
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, inner) = (self.rest.len() as u64, self.inner.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower().saturating_add(rest));
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}
