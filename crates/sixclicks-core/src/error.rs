//! What can go wrong with a call.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be made from its arguments.
    InvalidRequest,
    /// The connection failed.
    Connection,
    /// The server refused.
    Response,
    /// The answer is not what the document says.
    UnexpectedAnswer,
}

/// The one error of all generated operations.
#[derive(Debug)]
pub struct Error<E = ()> {
    kind: ErrorKind,
    operation: String,
    message: String,
    status: Option<StatusCode>,
    headers: Box<HeaderMap>,
    body: Bytes,
    source: Option<reqwest::Error>,
    typed: Option<E>,
}

impl<E> Error<E> {
    fn new(kind: ErrorKind, operation: &str, message: String) -> Self {
        Self {
            kind,
            operation: operation.to_owned(),
            message,
            status: None,
            headers: Box::default(),
            body: Bytes::new(),
            source: None,
            typed: None,
        }
    }

    /// The request could not be made.
    pub fn invalid_request(operation: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, operation, message.into())
    }

    /// The connection failed.
    pub fn from_transport(operation: &str, error: reqwest::Error) -> Self {
        Self {
            source: Some(error),
            ..Self::new(
                ErrorKind::Connection,
                operation,
                "the connection failed".into(),
            )
        }
    }

    /// The server refused.
    pub fn from_response(
        operation: &str,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        typed: Option<E>,
    ) -> Self {
        Self {
            status: Some(status),
            headers: Box::new(headers),
            body,
            typed,
            ..Self::new(
                ErrorKind::Response,
                operation,
                format!("the server answered {status}"),
            )
        }
    }

    /// The answer is not what the document says.
    pub fn unexpected_answer(
        operation: &str,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        why: impl Into<String>,
    ) -> Self {
        Self {
            status: Some(status),
            headers: Box::new(headers),
            body,
            ..Self::new(ErrorKind::UnexpectedAnswer, operation, why.into())
        }
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The message.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The status.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The typed body.
    pub fn typed(&self) -> Option<&E> {
        self.typed.as_ref()
    }

    /// Another operation.
    pub fn with_operation(mut self, operation: &str) -> Self {
        self.operation = operation.to_owned();
        self
    }

    /// Another type.
    pub fn map_typed<F>(self, f: impl FnOnce(E) -> F) -> Error<F> {
        Error {
            kind: self.kind,
            operation: self.operation,
            message: self.message,
            status: self.status,
            headers: self.headers,
            body: self.body,
            source: self.source,
            typed: self.typed.map(f),
        }
    }

    /// Without the typed body.
    pub fn into_untyped(self) -> Error {
        self.map_typed(|_| ())
    }
}

impl Error {
    /// The same error for an operation whose errors have a type.
    pub(crate) fn retype<E>(self) -> Error<E> {
        Error {
            kind: self.kind,
            operation: self.operation,
            message: self.message,
            status: self.status,
            headers: self.headers,
            body: self.body,
            source: self.source,
            typed: None,
        }
    }
}

impl<E> std::fmt::Display for Error<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.operation, self.message)
    }
}

impl<E: std::fmt::Debug> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}
