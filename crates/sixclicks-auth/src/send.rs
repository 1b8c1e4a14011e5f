//! Sends one call: with a token, once more after a 401, and again after failures that pass.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use reqwest::{Request, Response};
use sixclicks_core::{
    BodyLimits, Error, ErrorKind, Redactor, ResponseContext, path_template, replayable,
};

#[cfg(feature = "trace-context")]
use crate::trace_context;
use crate::{
    Attempt, Outcome, Session,
    attempt::{self, Answered, Attempted, Limits},
    cache::Lease,
    host, idempotency,
    redirect::{self, Plain},
    retry, scrub, span,
    tokens::Held,
};

/// What an error says that is not retried because the budget is used up.
const EXHAUSTED: &str = "not retried, because the retry budget of the session is used up";

/// The message of a call outside a Tokio runtime, or in one without drivers.
const RUNTIME: &str = "a call needs a Tokio runtime with its I/O and time drivers enabled; build it with `enable_all`";

/// A call on its way.
pub struct Sending<'a> {
    session: &'a Session,
    operation: &'static str,
    /// None for a deadline that no clock can express.
    deadline: Option<Instant>,
    /// What the next attempt sends; none when there is not to be another.
    next: Option<Request>,
    /// Whether the request can be carried out twice without harm.
    repeatable: bool,
    /// Of the operation, for hooks; asked for only where there are some.
    template: Option<String>,
    /// Attempts that failed and were made again.
    retries: u32,
    replayed: bool,
    note: Option<&'static str>,
}

impl<'a> Sending<'a> {
    pub fn new(session: &'a Session, operation: &'static str, mut request: Request) -> Self {
        if session.policy.idempotency_keys {
            idempotency::put_key(&mut request);
        }
        let has_hooks = !session.inner.tokens.hooks.is_empty();
        Self {
            session,
            operation,
            repeatable: retry::is_repeatable(request.method()) || idempotency::is_keyed(&request),
            template: has_hooks.then(path_template).flatten(),
            deadline: Instant::now().checked_add(session.policy.deadline),
            next: Some(request),
            retries: 0,
            replayed: false,
            note: None,
        }
    }

    pub async fn run(mut self) -> Result<Response, Error> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::invalid_request(self.operation, RUNTIME));
        }
        let operation = self.operation;
        let attempts = async {
            loop {
                if let Some(result) = self.attempt().await {
                    return result;
                }
            }
        };
        // Tokio has no other way to say that a driver is missing.
        match AssertUnwindSafe(attempts).catch_unwind().await {
            Ok(result) => result,
            Err(panic) if lacks_driver(&*panic) => Err(Error::invalid_request(operation, RUNTIME)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    /// The token for a request, unless the deadline passes while the session waits for one.
    /// An attempt has the deadline for its timeout, and a pause that would outlast it is not
    /// begun, so that nothing else has to look at the clock.
    async fn lease(&self, request: &mut Request) -> Result<Option<Arc<Lease<Held>>>, Error> {
        let mut lease = std::pin::pin!(self.session.lease_for(request));
        // Mostly a token is there, and no clock is needed.
        if let Some(lease) = lease.as_mut().now_or_never() {
            return lease;
        }
        let Some(deadline) = self.deadline else {
            return lease.await;
        };
        match Box::pin(tokio::time::timeout_at(deadline.into(), lease)).await {
            Ok(lease) => lease,
            Err(_) => Err(self.late("no token")),
        }
    }

    fn late(&self, what: &str) -> Error {
        let limit = self.session.policy.deadline.as_secs_f32();
        let message = format!("{what} within {limit} s");
        Error::new(ErrorKind::Timeout, self.operation, message)
    }

    /// Makes one attempt. Returns its result, or `None` if there is to be another attempt, whose
    /// request is then in `next`. Rare futures are boxed, so that the future of a call stays small.
    async fn attempt(&mut self) -> Option<Result<Response, Error>> {
        let mut request = match replayable(self.next.take()?) {
            Ok((request, again)) => {
                self.next = again;
                request
            }
            Err(error) => return Some(Err(Error::from_transport(self.operation, error))),
        };
        let hooks = &self.session.inner.tokens.hooks;
        hooks.each(|hooks| hooks.before_attempt(&self.described(), &mut request));
        let lease = match self.lease(&mut request).await {
            Ok(lease) => lease,
            // Nothing was sent yet, so any method can wait for a token.
            Err(error) => {
                if error.is_transient() && Box::pin(self.pause(Some(error.headers()), true)).await {
                    self.next.get_or_insert(request);
                    return None;
                }
                return Some(Err(error));
            }
        };
        let inner = &self.session.inner;
        let is_own = host::same(request.url(), &inner.base);
        let is_paced = is_own && self.session.policy.adaptive;
        if is_paced && let Some(wait) = inner.pace.wait() {
            if self.ends_within(wait) {
                return Some(Err(self.late("the server's rate limit allows no call")));
            }
            Box::pin(tokio::time::sleep(wait)).await;
        }
        let redactor = redactor(lease.as_deref(), &request);
        let began = Instant::now();
        let result = self.execute(request).await;
        let elapsed = began.elapsed();
        inner.attempts.add(elapsed);
        if !hooks.is_empty() {
            self.show(&result, elapsed);
        }
        let mut refused = None;
        if let Ok(Answered { response, .. }) = &result
            && is_own
            && host::same(response.url(), &inner.base)
        {
            refused = self.refusal(response);
            if is_paced {
                match &refused {
                    Some(asked) => inner.pace.refused(*asked),
                    None => inner.pace.accepted(),
                }
            }
            if response.status() == StatusCode::UNAUTHORIZED
                && let Some(lease) = &lease
            {
                hooks.each(|hooks| hooks.token_rejected(&self.described()));
                let now = (inner.tokens.clock)();
                let helps = inner.tokens.cache.refuse(lease, self.replayed, now);
                if helps && !self.replayed && self.next.is_some() {
                    self.replayed = true;
                    inner.replays.fetch_add(1, Ordering::Relaxed);
                    return None;
                }
                return Some(self.finish(result, redactor).await);
            }
        }
        if self.next.is_some() && self.passes(&result) {
            let answered = result.as_ref().ok();
            let headers = answered.map(|answered| answered.response.headers());
            // A server that says when to come back has planned for the retry.
            if Box::pin(self.pause(headers, refused.is_some())).await {
                return None;
            }
        }
        Some(self.finish(result, redactor).await)
    }

    /// Sends a request, and follows a redirect to another host where that gives nothing away.
    async fn execute(&self, request: Request) -> Attempted {
        let inner = &self.session.inner;
        let plain = Plain::of(&request);
        let mut result = self.send(request).await;
        let Some(plain) = plain else {
            return result;
        };
        for _ in 0..redirect::LIMIT {
            let next = match &result {
                Ok(answered) => plain.follow(&answered.response, &inner.base),
                Err(_) => None,
            };
            match next {
                Some(request) => result = Box::pin(self.send(request)).await,
                None => break,
            }
        }
        result
    }

    async fn send(&self, request: Request) -> Attempted {
        let inner = &self.session.inner;
        let span = span::of(&request, self.operation, self.number() - 1);
        #[cfg(feature = "trace-context")]
        let request = {
            let mut request = request;
            if host::same(request.url(), &inner.base) {
                trace_context::put(&span, request.headers_mut());
            }
            request
        };
        let limits = Limits {
            attempt: inner.timeout,
            left: self.left(),
            silence: inner.silence,
        };
        attempt::send(&inner.client, request, limits, span).await
    }

    /// The number of the attempt, from 1.
    fn number(&self) -> u32 {
        1 + self.retries + u32::from(self.replayed)
    }

    /// The attempt, as hooks see it.
    fn described(&self) -> Attempt<'_> {
        Attempt {
            operation: self.operation,
            path_template: self.template.as_deref(),
            number: self.number(),
        }
    }

    /// Shows the result of an attempt to the hooks.
    fn show(&self, result: &Attempted, elapsed: Duration) {
        let response = result.as_ref().ok().map(|answered| &answered.response);
        let outcome = Outcome {
            status: response.map(Response::status),
            headers: response.map(Response::headers),
            failure: result.as_ref().err().map(attempt::Failure::error_kind),
            elapsed,
        };
        let hooks = &self.session.inner.tokens.hooks;
        hooks.each(|hooks| hooks.after_attempt(&self.described(), &outcome));
    }

    /// What is left until the deadline; none for no deadline.
    fn left(&self) -> Option<Duration> {
        let deadline = self.deadline?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    fn ends_within(&self, wait: Duration) -> bool {
        self.left().is_some_and(|left| left <= wait)
    }

    /// Whether the server limits the rate, and for how long it asks to wait.
    fn refusal(&self, response: &Response) -> Option<Option<Duration>> {
        let asked = retry::asked(response.headers(), (self.session.inner.tokens.clock)());
        match response.status().as_u16() {
            429 => Some(asked),
            503 => asked.map(Some),
            _ => None,
        }
    }

    /// What the caller gets, without the credentials in what the server says is wrong.
    async fn finish(
        &self,
        result: Attempted,
        redactor: Option<Redactor>,
    ) -> Result<Response, Error> {
        let inner = &self.session.inner;
        let Answered {
            mut response,
            deadline,
        } = match result {
            Ok(answered) => answered,
            Err(failure) => {
                let error = failure.into_error(self.operation);
                return Err(match self.note {
                    Some(note) => error.with_note(note),
                    None => error,
                });
            }
        };
        let mut context = ResponseContext::default();
        if response.content_length() != Some(0) {
            let mut limits = BodyLimits::default();
            (limits.deadline, limits.silence) = (deadline, Some(inner.silence));
            response = context.limit_time(response, limits);
        }
        if response.status().is_success() {
            inner.budget.succeeded(self.retries > 0);
        } else if let Some(redactor) = &redactor {
            response = Box::pin(scrub::response(response, redactor)).await;
        }
        context.redactor = redactor;
        context.limit = Some(inner.response_limit);
        context.note = self.note;
        context.attach(&mut response);
        Ok(response)
    }

    fn passes(&self, result: &Attempted) -> bool {
        let policy = &self.session.policy;
        match result {
            Ok(answered) => policy.retries_status(self.repeatable, answered.response.status()),
            Err(failure) => policy.retries_failure(self.repeatable, failure),
        }
    }

    /// Waits before another attempt; returns false at once when there is to be none. A retry takes
    /// from the budget unless it is free.
    async fn pause(&mut self, headers: Option<&HeaderMap>, free: bool) -> bool {
        let policy = &self.session.policy;
        if self.retries + 1 >= policy.attempts {
            return false;
        }
        let now = (self.session.inner.tokens.clock)();
        let Some(pause) = policy.pause(self.retries, headers, now) else {
            return false;
        };
        if self.ends_within(pause) {
            return false;
        }
        if !free && !self.session.inner.budget.take() {
            self.note = Some(EXHAUSTED);
            return false;
        }
        self.retries += 1;
        self.session.inner.retries.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(pause).await;
        true
    }
}

/// Removes the token and every other credential in the headers of a request.
fn redactor(lease: Option<&Lease<Held>>, request: &Request) -> Option<Redactor> {
    let headers = request.headers();
    // Most requests carry the token alone, whose redactor is made once.
    if let Some(lease) = lease {
        let mut others = headers.iter().filter(|(name, _)| *name != AUTHORIZATION);
        if !others.any(|(name, value)| scrub::is_credential(name, value)) {
            return Some(lease.value.redactor.clone());
        }
    }
    let secrets = scrub::credentials(headers);
    (!secrets.is_empty()).then(|| Redactor::new(secrets))
}

/// Whether Tokio panicked because the runtime has no timers or no I/O.
fn lacks_driver(panic: &(dyn std::any::Any + Send)) -> bool {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.is_some_and(|text| text.starts_with("A Tokio 1.x context was found, but"))
}
