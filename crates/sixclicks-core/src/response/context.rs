//! What the sender of a request attaches to its response for those who read it.

use crate::Redactor;
use crate::transfer::{BodyLimits, Streamed};

/// How a response is to be read. A session attaches it to the extensions of every response; a
/// response without one is read without a limit, and nothing is redacted.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ResponseContext {
    /// Removes the credentials of the request from what errors contain.
    pub redactor: Option<Redactor>,
    /// The largest body, in bytes, that is read into memory. Streams have no limit.
    pub limit: Option<usize>,
    /// Why the request was not retried, if that explains the response; part of the error's message.
    pub note: Option<&'static str>,
    /// Set by [`ResponseContext::limit_time`].
    pub(crate) streamed: Option<Streamed>,
}

impl ResponseContext {
    /// Limits how long the body of a response may take. A [`Response`](crate::Response) that hands the
    /// body out as a stream lifts the deadline and limits its silence instead.
    #[must_use]
    pub fn limit_time(
        &mut self,
        response: reqwest::Response,
        limits: BodyLimits,
    ) -> reqwest::Response {
        let (limited, streamed) = limits.apply(response);
        self.streamed = Some(streamed);
        limited
    }

    /// Attaches the context to a response.
    pub fn attach(self, response: &mut reqwest::Response) {
        response.extensions_mut().insert(self);
    }
}
