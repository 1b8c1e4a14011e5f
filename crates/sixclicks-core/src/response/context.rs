//! What the sender of a request attaches to its response for those who read it.

use crate::Redactor;

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
}

impl ResponseContext {
    /// Attaches the context to a response.
    pub fn attach(self, response: &mut reqwest::Response) {
        response.extensions_mut().insert(self);
    }
}
