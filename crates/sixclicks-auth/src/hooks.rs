//! What an application can see and change of attempts and renewals.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, StatusCode};
use reqwest::Request;
use sixclicks_core::{Error, ErrorKind};

/// Is called around every attempt of every call, and when tokens are renewed or rejected. Methods that
/// are not implemented do nothing. They run on the task of the call, so they must not block.
///
/// ```
/// use sixclicks_auth::{Attempt, SessionHooks};
///
/// struct Correlation;
///
/// impl SessionHooks for Correlation {
///     fn before_attempt(&self, attempt: &Attempt<'_>, request: &mut reqwest::Request) {
///         let id = format!("{}-{}", attempt.operation, attempt.number);
///         if let Ok(id) = id.parse() {
///             request.headers_mut().insert("x-correlation-id", id);
///         }
///     }
/// }
/// ```
pub trait SessionHooks: Send + Sync + 'static {
    /// An attempt is about to be sent. The token is not on the request yet; headers that are set here
    /// are sent.
    fn before_attempt(&self, attempt: &Attempt<'_>, request: &mut Request) {
        let _ = (attempt, request);
    }

    /// The head of a response has arrived, or the attempt has failed.
    fn after_attempt(&self, attempt: &Attempt<'_>, outcome: &Outcome<'_>) {
        let _ = (attempt, outcome);
    }

    /// There is a new token.
    fn token_renewed(&self, renewal: &Renewal) {
        let _ = renewal;
    }

    /// A new token could not be obtained. Calls go on while the old one serves.
    fn renewal_failed(&self, error: &Error) {
        let _ = error;
    }

    /// The server answered a call with 401.
    fn token_rejected(&self, attempt: &Attempt<'_>) {
        let _ = attempt;
    }
}

/// An attempt of a call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation, as errors name it.
    pub operation: &'a str,
    /// The path with names in the place of values, for calls of generated clients.
    pub path_template: Option<&'a str>,
    /// 1 for the first attempt.
    pub number: u32,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Outcome<'a> {
    /// The status of the response, if there is one.
    pub status: Option<StatusCode>,
    /// The headers of the response, if there is one.
    pub headers: Option<&'a HeaderMap>,
    /// The kind of failure, if the attempt ended without a response.
    pub failure: Option<ErrorKind>,
    /// From sending the request to its end.
    pub elapsed: Duration,
}

/// A new token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Renewal {
    /// Why it was needed: `first use`, `due`, `ended` or `refused`.
    pub reason: &'static str,
    /// When it ends, by this machine's clock.
    pub expires: SystemTime,
    /// How long it took to get it.
    pub elapsed: Duration,
}

/// The hooks of a session, in the order in which they were given.
#[derive(Clone, Default)]
pub(crate) struct Hooks(pub Vec<Arc<dyn SessionHooks>>);

impl Hooks {
    pub fn each(&self, mut call: impl FnMut(&dyn SessionHooks)) {
        for hooks in &self.0 {
            call(&**hooks);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hooks({})", self.0.len())
    }
}
