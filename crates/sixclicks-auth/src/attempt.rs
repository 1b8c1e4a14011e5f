//! Sends one attempt within its limits of time.

use std::time::{Duration, Instant};

use reqwest::{Client, Request, Response};
use sixclicks_core::{Error, ErrorKind, UploadWatch};
use tracing::{Instrument, Span};

use crate::{handshake, span};

/// How long an attempt may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For an attempt with all of its response; an upload has it for the response alone.
    pub attempt: Duration,
    /// What is left for the call; none for no limit.
    pub left: Option<Duration>,
    /// How long the connection may take no byte of an upload.
    pub silence: Duration,
}

/// Why an attempt ended without a response.
#[derive(Debug)]
pub enum Failure {
    Http(reqwest::Error),
    /// A limit was exceeded; this is the message.
    Late(String),
}

/// A response, and when its body has to be there.
pub struct Answered {
    pub response: Response,
    pub deadline: Option<Instant>,
}

pub type Attempted = Result<Answered, Failure>;

impl Failure {
    pub fn into_error(self, operation: &str) -> Error {
        match self {
            Self::Http(error) => handshake::error(operation, error),
            Self::Late(message) => Error::new(ErrorKind::Timeout, operation, message),
        }
    }

    /// The kind of error that it becomes.
    pub fn error_kind(&self) -> ErrorKind {
        match self {
            Self::Late(_) => ErrorKind::Timeout,
            Self::Http(error) if error.is_timeout() => ErrorKind::Timeout,
            Self::Http(error) if handshake::failed(error) => ErrorKind::Tls,
            Self::Http(error) if error.is_builder() => ErrorKind::InvalidRequest,
            Self::Http(_) => ErrorKind::Connection,
        }
    }

    /// What OpenTelemetry calls `error.type`.
    fn kind(&self) -> &'static str {
        match self {
            Self::Late(_) => "timeout",
            Self::Http(error) if error.is_timeout() => "timeout",
            Self::Http(error) if error.is_connect() => "connect",
            Self::Http(_) => "connection",
        }
    }
}

/// Sends a request. One with a timeout of its own keeps it, body included.
pub async fn send(client: &Client, mut request: Request, limits: Limits, span: Span) -> Attempted {
    let shortest = |limit: Duration| limits.left.map_or(limit, |left| left.min(limit));
    let result = if let Some(own) = request.timeout().copied() {
        *request.timeout_mut() = Some(shortest(own));
        let sent = client.execute(request).instrument(span.clone()).await;
        sent.map_err(Failure::Http).map(|response| Answered {
            response,
            deadline: None,
        })
    } else if let Some(watch) = UploadWatch::of(&mut request) {
        let sending = client.execute(request).instrument(span.clone());
        let guarded = Box::pin(watch.guard(sending, limits.silence, limits.attempt)).await;
        match guarded {
            Ok(sent) => sent.map_err(Failure::Http).map(|response| Answered {
                response,
                deadline: Instant::now().checked_add(limits.attempt),
            }),
            Err(message) => Err(Failure::Late(message)),
        }
    } else {
        let limit = shortest(limits.attempt);
        let deadline = Instant::now().checked_add(limit);
        let sending = client.execute(request).instrument(span.clone());
        let sent = match deadline {
            Some(deadline) => tokio::time::timeout_at(deadline.into(), sending).await,
            None => Ok(sending.await),
        };
        match sent {
            Ok(sent) => sent
                .map_err(Failure::Http)
                .map(|response| Answered { response, deadline }),
            Err(_) => Err(Failure::Late(format!("no response within {limit:?}"))),
        }
    };
    match &result {
        Ok(Answered { response, .. }) => {
            span::answered(&span, response.status(), response.version())
        }
        Err(failure) => span::failed(&span, failure.kind()),
    }
    result
}
