//! The one error of every operation: of what kind it is, what the server said, and
//! whether trying again can help.

mod kind;
mod problem;
mod show;

use std::time::Duration;

use bytes::Bytes;
use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, DATE, HeaderName, RETRY_AFTER},
};

pub use self::kind::ErrorKind;
use self::problem::Problem;
pub use self::problem::ValidationError;
use self::show::chain;
use crate::paging::Reached;
use crate::transfer::Late;

/// Why an operation failed. `E` is the error that the API's document describes for it.
///
/// ```
/// use sixclicks_core::{Error, ErrorKind};
///
/// let body = br#"{"error": {"message": "Your request is not valid!",
///     "validationErrors": [{"message": "Name is required.", "members": ["name"]}]}}"#;
/// let error: Error = Error::from_response(
///     "create_test",
///     http::StatusCode::BAD_REQUEST,
///     http::HeaderMap::new(),
///     bytes::Bytes::from_static(body),
///     None,
/// );
/// assert_eq!(error.kind(), ErrorKind::Validation);
/// assert_eq!(error.validation_errors()[0].members, ["name"]);
/// assert!(!error.is_transient());
/// ```
pub struct Error<E = ()> {
    inner: Box<Inner>,
    typed: Option<Box<E>>,
}

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    operation: String,
    message: String,
    problem: Problem,
    status: Option<StatusCode>,
    headers: HeaderMap,
    body: Bytes,
    reached: Option<Reached>,
    source: Option<std::sync::Arc<dyn std::error::Error + Send + Sync>>,
}

impl<E> Error<E> {
    /// An error of a kind, with a message for people.
    pub fn new(kind: ErrorKind, operation: &str, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                operation: operation.to_owned(),
                message: message.into(),
                problem: Problem::default(),
                status: None,
                headers: HeaderMap::new(),
                body: Bytes::new(),
                reached: None,
                source: None,
            }),
            typed: None,
        }
    }

    /// The request could not be made; nothing was sent.
    pub fn invalid_request(operation: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, operation, message)
    }

    /// There is no token to send the request with.
    pub fn credentials(operation: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Credentials, operation, message)
    }

    /// The connection failed. The URL is left out, because it may hold values that are
    /// nobody's business.
    pub fn from_transport(operation: &str, error: reqwest::Error) -> Self {
        let kind = if error.is_timeout() {
            ErrorKind::Timeout
        } else if error.is_builder() || error.is_request() && error.is_redirect() {
            ErrorKind::InvalidRequest
        } else {
            ErrorKind::Connection
        };
        let error = error.without_url();
        let message = match kind {
            ErrorKind::Timeout => match Late::find(&error) {
                Some(late) => late.to_string(),
                None => "no response in time".to_owned(),
            },
            ErrorKind::InvalidRequest => format!("the request cannot be sent: {}", chain(&error)),
            _ => format!("the connection failed: {}", chain(&error)),
        };
        let mut made = Self::new(kind, operation, message);
        made.inner.source = Some(std::sync::Arc::new(error));
        made
    }

    /// The server answered with an error.
    pub fn from_response(
        operation: &str,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        typed: Option<E>,
    ) -> Self {
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let problem = Problem::read(&body, content_type);
        let mut made = Self::new(ErrorKind::of(status, &problem), operation, "");
        made.inner.message = match &problem.message {
            Some(message) => message.clone(),
            None => format!("the server answered {status}"),
        };
        made.inner.problem = problem;
        made.inner.status = Some(status);
        made.inner.headers = headers;
        made.inner.body = body;
        made.typed = typed.map(Box::new);
        made
    }

    /// The answer is not what the document says.
    pub fn unexpected_answer(
        operation: &str,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        why: impl Into<String>,
    ) -> Self {
        let mut made = Self::new(ErrorKind::UnexpectedAnswer, operation, why);
        made.inner.status = Some(status);
        made.inner.headers = headers;
        made.inner.body = body;
        made
    }

    /// The operation succeeded, but there is no content where a value is documented.
    pub fn no_content(
        operation: &str,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        let why = "the server sent no content";
        let mut made = Self::unexpected_answer(operation, status, headers, body, why);
        made.inner.kind = ErrorKind::NoContent;
        made
    }

    /// The same answer, for which the caller knows a better kind and message than the
    /// status alone tells.
    #[must_use]
    pub fn reclassified(mut self, kind: ErrorKind, message: impl Into<String>) -> Self {
        self.inner.kind = kind;
        self.inner.message = message.into();
        self
    }

    /// The same error, whose message also explains something.
    #[must_use]
    pub fn with_note(mut self, note: &str) -> Self {
        self.inner.message = format!("{}; {note}", self.inner.message);
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Whether the same request can succeed later without a change.
    pub fn is_transient(&self) -> bool {
        match self.inner.kind {
            ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::RateLimit => true,
            ErrorKind::Server => matches!(self.status().map(|s| s.as_u16()), Some(502..=504)),
            _ => false,
        }
    }

    /// The status that the server answered with.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.inner.headers
    }

    /// The operation that failed, by its method's name.
    pub fn operation(&self) -> &str {
        &self.inner.operation
    }

    /// What the server said, or what went wrong before it could say anything.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// What the server said beyond the message.
    pub fn details(&self) -> Option<&str> {
        self.inner.problem.details.as_deref()
    }

    /// The server's own code for the error.
    pub fn code(&self) -> Option<&str> {
        self.inner.problem.code.as_deref()
    }

    /// What the server found wrong, by field.
    pub fn validation_errors(&self) -> &[ValidationError] {
        &self.inner.problem.validation
    }

    /// The id under which the server keeps the request, if it told one.
    pub fn request_id(&self) -> Option<&str> {
        const NAMES: [&str; 7] = [
            "x-request-id",
            "request-id",
            "x-correlation-id",
            "x-ms-request-id",
            "x-trace-id",
            "traceparent",
            "x-azure-ref",
        ];
        NAMES
            .iter()
            .find_map(|name| self.inner.headers.get(*name)?.to_str().ok())
            .filter(|id| !id.is_empty())
            .or(self.inner.problem.trace.as_deref())
    }

    /// How long the server asks to wait: in seconds, or until a date, which is measured
    /// by the server's own `Date` and so by no clock of ours.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = |name: HeaderName| Some(self.inner.headers.get(name)?.to_str().ok()?.trim());
        let value = text(RETRY_AFTER)?;
        if let Ok(seconds) = value.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let until = httpdate::parse_http_date(value).ok()?;
        let now = httpdate::parse_http_date(text(DATE)?).ok()?;
        Some(until.duration_since(now).unwrap_or_default())
    }

    /// The body of the answer, as it came.
    pub fn body(&self) -> &Bytes {
        &self.inner.body
    }

    /// How far a stream of pages had got: how many items it handed out, and where to go on.
    pub fn reached(&self) -> Option<&Reached> {
        self.inner.reached.as_ref()
    }

    /// The error as the API's document describes it, if the answer was of that form.
    pub fn typed(&self) -> Option<&E> {
        self.typed.as_deref()
    }

    /// The error as the API's document describes it.
    pub fn into_typed(self) -> Option<E> {
        self.typed.map(|typed| *typed)
    }

    /// The same error with its typed part changed.
    pub fn map_typed<F>(self, f: impl FnOnce(E) -> F) -> Error<F> {
        Error {
            inner: self.inner,
            typed: self.typed.map(|typed| Box::new(f(*typed))),
        }
    }

    /// The same error without its typed part.
    pub fn into_untyped(self) -> Error {
        self.map_typed(drop)
    }

    /// The same error, of another operation.
    #[must_use]
    pub fn with_operation(mut self, operation: &str) -> Self {
        self.inner.operation = operation.to_owned();
        self
    }

    /// The same error, after which a stream of pages could not go on.
    #[must_use]
    pub(crate) fn with_reached(mut self, reached: Reached) -> Self {
        self.inner.reached = Some(reached);
        self
    }
}

impl Error {
    /// The same error for an operation whose errors have a type.
    pub(crate) fn retype<E>(self) -> Error<E> {
        Error {
            inner: self.inner,
            typed: None,
        }
    }
}

/// Everybody who waits for the same thing gets the same error.
impl Clone for Error {
    fn clone(&self) -> Self {
        Error {
            inner: self.inner.clone(),
            typed: None,
        }
    }
}
