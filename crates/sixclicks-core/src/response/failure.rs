//! Carrying an error of ours through a hook that can only return `reqwest::Error`.

use std::sync::{Arc, Mutex, PoisonError};

use crate::Error;

/// An error in the place of an answer.
///
/// progenitor's `exec` hook returns `reqwest::Result<reqwest::Response>`, and
/// nobody can make a `reqwest::Error`. So a hook that fails for a reason of its
/// own returns `Ok(Failure::new(error).into_response())`, and
/// [`Call::send`](crate::Call::send) takes the error out of it.
#[derive(Clone, Debug)]
pub struct Failure(Arc<Mutex<Option<Error>>>);

impl Failure {
    /// Wraps an error.
    pub fn new(error: Error) -> Self {
        Self(Arc::new(Mutex::new(Some(error))))
    }

    /// A response that no server sent (its status is 599), with the error inside.
    pub fn into_response(self) -> reqwest::Response {
        let mut response = http::Response::new("");
        // Beyond what HTTP assigns, so that nobody takes it for an answer.
        *response.status_mut() =
            http::StatusCode::from_u16(599).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(self);
        response.into()
    }

    /// Takes the error out of a response that [`Failure::into_response`] made.
    pub fn take(response: &mut reqwest::Response) -> Option<Error> {
        let failure = response.extensions_mut().remove::<Failure>()?;
        let mut error = failure.0.lock().unwrap_or_else(PoisonError::into_inner);
        error.take()
    }
}
