//! Limits the time of a response's body.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::ResponseBuilderExt;
use tokio::time::Sleep;

use super::Late;

/// How long the body of a response may take.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct BodyLimits {
    /// When a body that is read into memory has to be there; none for no limit.
    pub deadline: Option<Instant>,
    /// How long a body that is handed out as a stream may be silent while somebody waits for it;
    /// none for no limit. A stream has no deadline.
    pub silence: Option<Duration>,
}

impl BodyLimits {
    /// Applies the limits to a response. The second value switches its body from the deadline to the
    /// limit on silence.
    pub(crate) fn apply(self, response: reqwest::Response) -> (reqwest::Response, Streamed) {
        let streamed = Streamed::default();
        let url = response.url().clone();
        let (mut parts, body) = http::Response::<reqwest::Body>::from(response).into_parts();
        let body = reqwest::Body::wrap(Limited {
            inner: Some(body),
            limits: self,
            streamed: streamed.clone(),
            waiting: false,
            timer: None,
        });
        // Only this builder can say what the URL of a response is.
        if let Ok(marked) = http::Response::builder().url(url).body(()) {
            parts.extensions.extend(marked.into_parts().0.extensions);
        }
        (http::Response::from_parts(parts, body).into(), streamed)
    }
}

/// Whether the body of a response is handed out as a stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streamed(Arc<AtomicBool>);

impl Streamed {
    pub fn switch_on(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Limited {
    /// None once the limit was exceeded.
    inner: Option<reqwest::Body>,
    limits: BodyLimits,
    streamed: Streamed,
    /// Whether the timer runs for the frame that comes next.
    waiting: bool,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Limited {
    fn streams(&self) -> bool {
        self.streamed.0.load(Ordering::Relaxed)
    }

    /// Waits for the limit; ready when it is exceeded.
    fn poll_limit(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !self.waiting {
            self.waiting = true;
            let until = if self.streams() {
                let silence = self.limits.silence;
                silence.and_then(|silence| Instant::now().checked_add(silence))
            } else {
                self.limits.deadline
            };
            match (until, &mut self.timer) {
                (None, timer) => *timer = None,
                (Some(until), Some(timer)) => timer.as_mut().reset(until.into()),
                (Some(until), timer) => {
                    *timer = Some(Box::pin(tokio::time::sleep_until(until.into())));
                }
            }
        }
        match &mut self.timer {
            Some(timer) => timer.as_mut().poll(context),
            None => Poll::Pending,
        }
    }

    /// Closes the connection, and says why.
    fn abort(&mut self) -> Late {
        self.inner = None;
        Late(match (self.streams(), self.limits.silence) {
            (true, Some(silence)) => {
                format!("no byte arrived within {silence:?}, and the transfer was aborted")
            }
            _ => "the response was not complete in time".to_owned(),
        })
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl Body for Limited {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let Some(inner) = &mut this.inner else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(frame) = Pin::new(inner).poll_frame(context) {
            this.waiting = false;
            // A server that never pauses does not escape the deadline.
            let deadline = this.limits.deadline.filter(|_| !this.streams());
            if frame.is_some() && deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                return Poll::Ready(Some(Err(this.abort().into_io().into())));
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        ready!(this.poll_limit(context));
        Poll::Ready(Some(Err(this.abort().into_io().into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.as_ref();
        inner.map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}
