//! The session: one host, one connection pool, one token, for every generated client.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use futures_util::TryFutureExt;
use http::header::AUTHORIZATION;
use reqwest::{Request, Response};
use sixclicks_core::Error;
use url::Url;

use crate::{
    ApiKey, RetryPolicy, SessionBuilder,
    budget::Budget,
    cache::Lease,
    exchange, host,
    latency::{Histogram, Latencies},
    pace::Pace,
    send::Sending,
    tokens::{Held, Tokens},
};

/// The variable that [`Session::from_env`] reads the host from.
const HOST: &str = "SIXCLICKS_HOST";

/// What all clients share. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    pub(crate) inner: Arc<Inner>,
    pub(crate) policy: Arc<RetryPolicy>,
}

pub(crate) struct Inner {
    pub base: Url,
    pub text: String,
    pub client: reqwest::Client,
    pub tokens: Arc<Tokens>,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// How long a transfer may be silent.
    pub silence: Duration,
    /// How long attempts took.
    pub attempts: Histogram,
    /// The largest response, in bytes, that is read into memory.
    pub response_limit: usize,
    pub budget: Budget,
    pub pace: Pace,
    pub replays: AtomicU64,
    pub retries: AtomicU64,
}

/// How often something was done, since the session began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Exchanges of the key for a token.
    pub exchanges: u64,
    /// Exchanges that were begun while the old token still served.
    pub renewals: u64,
    /// Exchanges that failed.
    pub failures: u64,
    /// Requests that were sent again with a new token.
    pub replays: u64,
    /// Requests that were sent again after a passing failure.
    pub retries: u64,
}

impl Session {
    /// A session with defaults.
    ///
    /// # Errors
    ///
    /// When the host cannot be used.
    pub fn new(host: &str, key: ApiKey) -> Result<Self, Error> {
        Self::builder(host).api_key(key).build()
    }

    /// A session from `SIXCLICKS_HOST` and `SIXCLICKS_API_KEY`.
    ///
    /// # Errors
    ///
    /// When one of them is not set, or the host cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        let host = std::env::var(HOST).unwrap_or_default();
        if host.trim().is_empty() {
            return Err(invalid(format!(
                "the environment variable {HOST} is not set; put the host there"
            )));
        }
        let key =
            ApiKey::from_env().map_err(|error| Error::credentials("session", error.to_string()))?;
        Self::new(&host, key)
    }

    /// Starts building a session.
    pub fn builder(host: &str) -> SessionBuilder {
        SessionBuilder::new(host)
    }

    /// The API's address, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.inner.text
    }

    /// The connections that all clients share. Requests that are sent with it directly have neither a
    /// token nor a limit of time.
    pub fn http_client(&self) -> &reqwest::Client {
        &self.inner.client
    }

    /// The same session, connections and token included, with another policy for retries
    /// and for how long a call may take: for one call, or for one client.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            policy: Arc::new(policy),
        }
    }

    /// What was done so far.
    pub fn counters(&self) -> Counters {
        let counts = &self.inner.tokens.counts;
        Counters {
            exchanges: counts.exchanges.load(Ordering::Relaxed),
            renewals: counts.renewals.load(Ordering::Relaxed),
            failures: counts.failures.load(Ordering::Relaxed),
            replays: self.inner.replays.load(Ordering::Relaxed),
            retries: self.inner.retries.load(Ordering::Relaxed),
        }
    }

    /// How long attempts and exchanges took so far.
    pub fn latencies(&self) -> Latencies {
        Latencies {
            attempts: self.inner.attempts.read(),
            exchanges: self.inner.tokens.counts.lengths.read(),
        }
    }

    /// Returns when the current token expires, by the clock of this machine, or `None` before the
    /// first exchange. A token is renewed before it expires.
    pub fn token_expires(&self) -> Option<SystemTime> {
        let lease = self.inner.tokens.cache.current()?;
        Some(lease.times.ends)
    }

    /// Sends a request with the token on it, replays it once after a 401, and repeats it
    /// after passing failures. Generated clients send everything through here.
    ///
    /// A request with a timeout of its own keeps it for each attempt. Other attempts have the timeout of
    /// the session, but for transfers: an upload, and a body that a
    /// [`Response`](sixclicks_core::Response) hands out as a stream, are only aborted when they stand
    /// still; see [`SessionBuilder::stall_timeout`].
    ///
    /// # Errors
    ///
    /// When there is no token, or no answer. An answer with any status is no error.
    pub fn execute(
        &self,
        request: Request,
        operation: &'static str,
    ) -> impl Future<Output = Result<Response, Error>> + Send {
        // Not `async`, which would keep the request in two places, here and below.
        let sending = Sending::new(self, operation, request).run();
        sending.map_err(move |error| error.with_operation(operation))
    }

    /// Puts the token on a request that goes to the configured host and brings none of its
    /// own; for those who send by hand.
    ///
    /// # Errors
    ///
    /// When there is no token.
    pub async fn authorize(&self, request: &mut Request) -> Result<(), Error> {
        self.lease_for(request).await.map(drop)
    }

    /// Puts the token on a request that takes it, and says which it was.
    pub(crate) async fn lease_for(
        &self,
        request: &mut Request,
    ) -> Result<Option<Arc<Lease<Held>>>, Error> {
        if !self.takes_token(request) {
            return Ok(None);
        }
        let lease = self.inner.tokens.get().await?;
        request
            .headers_mut()
            .insert(AUTHORIZATION, lease.value.header.clone());
        Ok(Some(lease))
    }

    /// Whether a request gets the token: one to the configured host that brings none of
    /// its own, and not the exchange itself.
    fn takes_token(&self, request: &Request) -> bool {
        host::same(request.url(), &self.inner.base)
            && !request.url().path().ends_with(exchange::PATH)
            && !request.headers().contains_key(AUTHORIZATION)
    }

    /// Drops the current token. The next call exchanges the key for a new one.
    pub fn forget_token(&self) {
        self.inner.tokens.cache.forget();
    }

    /// Exchanges the key for a new token although the current one may still be valid, and returns
    /// it.
    ///
    /// # Errors
    ///
    /// When the exchange fails. The old token is dropped all the same.
    pub async fn renew_token(&self) -> Result<crate::AccessToken, Error> {
        self.forget_token();
        self.token().await
    }

    /// A valid token, exchanged or renewed as needed.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn token(&self) -> Result<crate::AccessToken, Error> {
        let lease = self.inner.tokens.get().await?;
        Ok(lease.value.token.clone())
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("base_url", &self.inner.text)
            .finish_non_exhaustive()
    }
}

pub(crate) fn invalid(message: String) -> Error {
    Error::invalid_request("session", message)
}
