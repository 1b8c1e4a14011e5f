//! Sending one call: with a token, once more after a 401, and again after passing failures.
//! Each attempt has a span of its own, with OpenTelemetry's names for HTTP clients.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use futures_util::FutureExt;
use http::{HeaderMap, Method, StatusCode};
use reqwest::{Request, Response};
use sixclicks_core::{Error, ErrorKind, replayable};
use tracing::{Instrument, Span, field::Empty};

use crate::{Session, cache::Lease, scrub, tokens::Held};

/// A call on its way.
pub struct Sending<'a> {
    session: &'a Session,
    operation: &'static str,
    deadline: Instant,
    /// What the next attempt sends; none while there is to be no other.
    next: Option<Request>,
    /// Attempts that failed and were made again.
    retries: u32,
    replayed: bool,
}

impl<'a> Sending<'a> {
    pub fn new(session: &'a Session, operation: &'static str, request: Request) -> Self {
        Self {
            session,
            operation,
            deadline: Instant::now() + session.policy.deadline,
            next: Some(request),
            retries: 0,
            replayed: false,
        }
    }

    pub async fn run(mut self) -> Result<Response, Error> {
        loop {
            if let Some(result) = self.attempt().await {
                return result;
            }
        }
    }

    /// The token for a request, unless the deadline passes while everybody waits for one.
    /// An attempt has the deadline for its timeout, and a pause that would outlast it is not
    /// begun, so that nothing else has to look at the clock.
    async fn lease(&self, request: &mut Request) -> Result<Option<Arc<Lease<Held>>>, Error> {
        let mut lease = std::pin::pin!(self.session.lease_for(request));
        // Mostly a token is there, and no clock is needed.
        if let Some(lease) = lease.as_mut().now_or_never() {
            return lease;
        }
        match Box::pin(tokio::time::timeout_at(self.deadline.into(), lease)).await {
            Ok(lease) => lease,
            Err(_) => Err(Error::new(
                ErrorKind::Timeout,
                self.operation,
                format!(
                    "no token within {} s",
                    self.session.policy.deadline.as_secs_f32()
                ),
            )),
        }
    }

    /// One attempt, and what came of it; nothing when there is to be another, whose request
    /// is then in its place. What is rare is boxed, so that the future of a call stays small.
    async fn attempt(&mut self) -> Option<Result<Response, Error>> {
        let mut request = match replayable(self.next.take()?) {
            Ok((request, again)) => {
                self.next = again;
                request
            }
            Err(error) => return Some(Err(Error::from_transport(self.operation, error))),
        };
        let lease = match self.lease(&mut request).await {
            Ok(lease) => lease,
            // Nothing was sent yet, so any method can wait for a token.
            Err(error) => {
                if error.is_transient() && Box::pin(self.pause(Some(error.headers()))).await {
                    self.next.get_or_insert(request);
                    return None;
                }
                return Some(Err(error));
            }
        };
        let inner = &self.session.inner;
        let method = request.method().clone();
        let left = self.deadline.saturating_duration_since(Instant::now());
        // The client has the usual timeout by itself.
        if left < request.timeout().copied().unwrap_or(inner.timeout) {
            *request.timeout_mut() = Some(left);
        }
        let span = self.span(&request);
        let result = inner.client.execute(request).instrument(span.clone()).await;
        record(&span, &result);
        if let (Ok(response), Some(lease)) = (&result, &lease) {
            if response.status() != StatusCode::UNAUTHORIZED {
                lease.accept();
            } else {
                let now = (inner.tokens.clock)();
                let helps = inner.tokens.cache.refuse(lease, now);
                if helps && !self.replayed && self.next.is_some() {
                    self.replayed = true;
                    inner.replays.fetch_add(1, Ordering::Relaxed);
                    return None;
                }
                return Some(self.answer(result, Some(lease)).await);
            }
        }
        if self.next.is_some() && self.is_passing(&method, &result) {
            let headers = result.as_ref().ok().map(Response::headers);
            if Box::pin(self.pause(headers)).await {
                return None;
            }
        }
        Some(self.answer(result, lease.as_deref()).await)
    }

    /// What the caller gets, without the token in what a server says is wrong.
    async fn answer(
        &self,
        result: reqwest::Result<Response>,
        lease: Option<&Lease<Held>>,
    ) -> Result<Response, Error> {
        match (result, lease) {
            (Ok(response), Some(lease)) if response.status().as_u16() >= 400 => {
                Ok(Box::pin(scrub::answer(response, lease.value.token.expose())).await)
            }
            (result, _) => result.map_err(|error| Error::from_transport(self.operation, error)),
        }
    }

    fn is_passing(&self, method: &Method, result: &reqwest::Result<Response>) -> bool {
        match result {
            Ok(response) => self
                .session
                .policy
                .retries_status(method, response.status()),
            Err(error) => self.session.policy.retries_failure(method, error),
        }
    }

    /// Waits before another attempt; false, at once, when there is to be none.
    async fn pause(&mut self, headers: Option<&HeaderMap>) -> bool {
        let policy = &self.session.policy;
        if self.retries + 1 >= policy.attempts {
            return false;
        }
        let pause = policy.pause(self.retries, headers, (self.session.inner.tokens.clock)());
        if Instant::now() + pause >= self.deadline {
            return false;
        }
        self.retries += 1;
        self.session.inner.retries.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(pause).await;
        true
    }

    /// The span of an attempt. A query may hold what is nobody's business, and is left out.
    fn span(&self, request: &Request) -> Span {
        let url = request.url();
        let span = tracing::info_span!(
            "http request",
            "otel.name" = request.method().as_str(),
            "otel.kind" = "client",
            "otel.status_code" = Empty,
            "http.request.method" = request.method().as_str(),
            "http.request.resend_count" = Empty,
            "http.response.status_code" = Empty,
            "server.address" = url.host_str(),
            "server.port" = url.port_or_known_default(),
            "url.scheme" = url.scheme(),
            "url.path" = url.path(),
            "error.type" = Empty,
            "sixclicks.operation" = self.operation,
        );
        let resent = self.retries + u32::from(self.replayed);
        if resent > 0 {
            span.record("http.request.resend_count", resent);
        }
        span
    }
}

fn record(span: &Span, result: &reqwest::Result<Response>) {
    let failure = match result {
        Ok(response) => {
            let status = response.status();
            span.record("http.response.status_code", status.as_u16());
            if status.is_success() || status.is_redirection() {
                return;
            }
            status.as_str().to_owned()
        }
        Err(error) if error.is_timeout() => "timeout".to_owned(),
        Err(error) if error.is_connect() => "connect".to_owned(),
        Err(_) => "connection".to_owned(),
    };
    span.record("error.type", failure);
    span.record("otel.status_code", "ERROR");
}
