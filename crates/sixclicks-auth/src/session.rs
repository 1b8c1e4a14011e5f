//! The session: one host, one connection pool, one token, for every generated client.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use http::header::AUTHORIZATION;
use reqwest::{Request, Response};
use sixclicks_core::{Error, replayable};
use url::Url;

use crate::{
    ApiKey, RetryPolicy, SessionBuilder,
    cache::{Cache, Clock, Held},
    exchange,
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
    pub cache: Arc<Cache>,
    pub clock: Clock,
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
        let host = std::env::var(HOST).map_err(|_| {
            invalid(format!(
                "the environment variable {HOST} is not set; put the host there"
            ))
        })?;
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

    /// The connections that all clients share.
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
        let counts = &self.inner.cache.counts;
        Counters {
            exchanges: counts.exchanges.load(Ordering::Relaxed),
            renewals: counts.renewals.load(Ordering::Relaxed),
            failures: counts.failures.load(Ordering::Relaxed),
            replays: self.inner.replays.load(Ordering::Relaxed),
            retries: self.inner.retries.load(Ordering::Relaxed),
        }
    }

    /// Sends a request with the token on it, replays it once after a 401, and repeats it
    /// after passing failures. Generated clients send everything through here.
    ///
    /// # Errors
    ///
    /// When there is no token, or no answer. An answer with any status is no error.
    pub async fn execute(
        &self,
        request: Request,
        operation: &'static str,
    ) -> Result<Response, Error> {
        let deadline = Instant::now() + self.policy.deadline;
        let work = self.attempts(request, operation, deadline);
        match tokio::time::timeout(self.policy.deadline, work).await {
            Ok(result) => result.map_err(|error| error.with_operation(operation)),
            Err(_) => Err(Error::new(
                sixclicks_core::ErrorKind::Timeout,
                operation,
                format!(
                    "no answer within {} s, retries included",
                    self.policy.deadline.as_secs_f32()
                ),
            )),
        }
    }

    async fn attempts(
        &self,
        request: Request,
        operation: &'static str,
        deadline: Instant,
    ) -> Result<Response, Error> {
        let inner = &self.inner;
        let method = request.method().clone();
        let authorized = self.takes_token(&request);
        let mut replayed = false;
        let mut attempt = 0;
        let mut next = Some(request);
        loop {
            let Some(request) = next.take() else {
                return Err(Error::invalid_request(
                    operation,
                    "the request cannot be sent again",
                ));
            };
            let (mut request, again) =
                replayable(request).map_err(|error| Error::from_transport(operation, error))?;
            let held = if authorized {
                Some(inner.cache.get().await?)
            } else {
                None
            };
            if let Some(held) = &held {
                request
                    .headers_mut()
                    .insert(AUTHORIZATION, held.header.clone());
            }
            let result = inner.client.execute(request).await;
            attempt += 1;
            if let (Ok(response), Some(held)) = (&result, &held)
                && response.status() == http::StatusCode::UNAUTHORIZED
            {
                inner.cache.invalidate(held);
                if !replayed && again.is_some() {
                    replayed = true;
                    // The first 401 does not count among the attempts.
                    attempt -= 1;
                    inner.replays.fetch_add(1, Ordering::Relaxed);
                    next = again;
                    continue;
                }
            }
            let wanted = match &result {
                Ok(response) => self.policy.retries_status(&method, response.status()),
                Err(error) => self.policy.retries_failure(&method, error),
            };
            if !wanted || again.is_none() || attempt >= self.policy.attempts {
                return result.map_err(|error| Error::from_transport(operation, error));
            }
            let headers = result.as_ref().ok().map(Response::headers);
            let pause = self.policy.pause(attempt - 1, headers, (inner.clock)());
            if Instant::now() + pause >= deadline {
                return result.map_err(|error| Error::from_transport(operation, error));
            }
            inner.retries.fetch_add(1, Ordering::Relaxed);
            tracing::debug!(operation, attempt, pause = ?pause, "sending the request again");
            tokio::time::sleep(pause).await;
            next = again;
        }
    }

    /// Puts the token on a request that goes to the configured host and brings none of its
    /// own; for those who send by hand.
    ///
    /// # Errors
    ///
    /// When there is no token.
    pub async fn authorize(&self, request: &mut Request) -> Result<(), Error> {
        if self.takes_token(request) {
            let held = self.inner.cache.get().await?;
            request
                .headers_mut()
                .insert(AUTHORIZATION, held.header.clone());
        }
        Ok(())
    }

    /// Whether a request gets the token: one to the configured host that brings none of
    /// its own, and not the exchange itself.
    fn takes_token(&self, request: &Request) -> bool {
        let url = request.url();
        url.origin() == self.inner.base.origin()
            && !url.path().ends_with(exchange::PATH)
            && !request.headers().contains_key(AUTHORIZATION)
    }

    /// A valid token, exchanged or renewed as needed.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn token(&self) -> Result<crate::AccessToken, Error> {
        let held: Arc<Held> = self.inner.cache.get().await?;
        Ok(held.token.clone())
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
