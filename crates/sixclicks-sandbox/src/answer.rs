//! Answers that a test scripts, in the place of those that the sandbox would give.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode},
};
use futures_util::{StreamExt, stream};

/// How long a broken answer hangs before it breaks.
const BREAK: Duration = Duration::from_millis(10);

/// A scripted answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    pub(crate) delay: Duration,
    broken: bool,
}

impl Answer {
    /// An answer with a status and nothing else.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delay: Duration::ZERO,
            broken: false,
        }
    }

    /// The status.
    pub fn code(&self) -> u16 {
        self.status
    }

    /// The body as it is sent.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The headers, in their order.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets the body to JSON.
    #[must_use]
    pub fn json(self, value: &serde_json::Value) -> Self {
        self.header("content-type", "application/json")
            .body(value.to_string())
    }

    /// Answers after a while.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Breaks the connection in the middle of the body.
    #[must_use]
    pub fn broken(mut self) -> Self {
        self.broken = true;
        self
    }

    /// The answer in the envelope that ABP may put around it.
    pub(crate) fn enveloped(self) -> Self {
        let Ok(result) = serde_json::from_slice::<serde_json::Value>(&self.body) else {
            return self;
        };
        if self.status != 200 {
            return self;
        }
        Self::status(200).json(&serde_json::json!({
            "result": result, "targetUrl": null, "success": true, "error": null,
            "unAuthorizedRequest": false, "__abp": true,
        }))
    }

    pub(crate) fn response(&self) -> Response<Body> {
        let body = if self.broken {
            let half = Ok(self.body[..self.body.len() / 2].to_vec());
            let rest = async {
                // What comes before is on its way by then.
                tokio::time::sleep(BREAK).await;
                Err(std::io::Error::other("broken on demand"))
            };
            Body::from_stream(stream::iter([half]).chain(stream::once(rest)))
        } else {
            Body::from(self.body.clone())
        };
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// An error in the form in which ABP answers it.
pub(crate) fn abp_error(status: u16, message: &str, unauthorized: bool) -> Answer {
    Answer::status(status).json(&serde_json::json!({
        "result": null,
        "targetUrl": null,
        "success": false,
        "error": {"code": 0, "message": message, "details": null, "validationErrors": null},
        "unAuthorizedRequest": unauthorized,
        "__abp": true,
    }))
}
