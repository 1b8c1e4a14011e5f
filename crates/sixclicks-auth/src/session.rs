//! The session: one host, one connection pool, one token, for every generated client.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use futures_util::FutureExt;
use http::header::AUTHORIZATION;
use reqwest::{Request, Response, redirect};
use sixclicks_core::{Error, replayable};
use url::Url;

use crate::{
    ApiKey, RetryPolicy,
    cache::{Cache, Clock, Held},
    exchange, host,
};

/// The variable that [`Session::from_env`] reads the host from.
const HOST: &str = "SIXCLICKS_HOST";

/// What all clients share. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    inner: Arc<Inner>,
}

struct Inner {
    base: Url,
    text: String,
    client: reqwest::Client,
    cache: Arc<Cache>,
    policy: RetryPolicy,
    clock: Clock,
    replays: AtomicU64,
    retries: AtomicU64,
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

/// Builds a [`Session`].
pub struct SessionBuilder {
    host: String,
    key: Option<ApiKey>,
    policy: RetryPolicy,
    timeout: Duration,
    connect_timeout: Duration,
    user_agent: String,
    clock: Clock,
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
        SessionBuilder {
            host: host.to_owned(),
            key: None,
            policy: RetryPolicy::default(),
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            user_agent: concat!("sixclicks-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            clock: Arc::new(SystemTime::now),
        }
    }

    /// The API's address, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.inner.text
    }

    /// The connections that all clients share.
    pub fn http_client(&self) -> &reqwest::Client {
        &self.inner.client
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
        let inner = &self.inner;
        let deadline = Instant::now() + inner.policy.deadline;
        let work = self.attempts(request, operation, deadline);
        match tokio::time::timeout(inner.policy.deadline, work).await {
            Ok(result) => result.map_err(|error| error.with_operation(operation)),
            Err(_) => Err(Error::new(
                sixclicks_core::ErrorKind::Timeout,
                operation,
                format!(
                    "no answer within {} s, retries included",
                    inner.policy.deadline.as_secs_f32()
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
                Ok(response) => inner.policy.retries_status(&method, response.status()),
                Err(error) => inner.policy.retries_failure(&method, error),
            };
            if !wanted || again.is_none() || attempt >= inner.policy.attempts {
                return result.map_err(|error| Error::from_transport(operation, error));
            }
            let headers = result.as_ref().ok().map(Response::headers);
            let pause = inner.policy.pause(attempt - 1, headers, (inner.clock)());
            if Instant::now() + pause >= deadline {
                return result.map_err(|error| Error::from_transport(operation, error));
            }
            inner.retries.fetch_add(1, Ordering::Relaxed);
            tracing::debug!(operation, attempt, pause = ?pause, "sending the request again");
            tokio::time::sleep(pause).await;
            next = again;
        }
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

fn invalid(message: String) -> Error {
    Error::invalid_request("session", message)
}

impl SessionBuilder {
    /// The key to exchange.
    #[must_use]
    pub fn api_key(mut self, key: ApiKey) -> Self {
        self.key = Some(key);
        self
    }

    /// When requests are repeated.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// How long one attempt may take; 60 seconds unless told otherwise.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long a connection may take to be made; 10 seconds unless told otherwise.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// What the client calls itself.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// The clock that tokens are measured by; the system's unless told otherwise.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The session.
    ///
    /// # Errors
    ///
    /// When there is no key, or the host or a setting cannot be used.
    pub fn build(self) -> Result<Session, Error> {
        let base = host::base(&self.host).map_err(|error| invalid(error.to_string()))?;
        let text = base.as_str().trim_end_matches('/').to_owned();
        let key = self
            .key
            .ok_or_else(|| invalid("there is no API key; give one with `api_key`".to_owned()))?;
        // Somebody else's choice of a provider stands.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let common = || {
            reqwest::Client::builder()
                .user_agent(&self.user_agent)
                .timeout(self.timeout)
                .connect_timeout(self.connect_timeout)
        };
        let failed =
            |error: reqwest::Error| invalid(format!("the HTTP client cannot be set up: {error}"));
        // A redirect of the exchange could lead the key away from its host.
        let exchanging = common()
            .redirect(redirect::Policy::none())
            .build()
            .map_err(failed)?;
        let follow = redirect::Policy::custom(|attempt| {
            let from_exchange = attempt
                .previous()
                .iter()
                .any(|url| url.path().ends_with(exchange::PATH));
            if from_exchange || attempt.previous().len() > 10 {
                attempt.stop()
            } else {
                attempt.follow()
            }
        });
        let client = common().redirect(follow).build().map_err(failed)?;
        let (address, clock) = (text.clone(), Arc::clone(&self.clock));
        let source = move || {
            let (exchanging, address, key, now) =
                (exchanging.clone(), address.clone(), key.clone(), clock());
            async move {
                let exchanged = exchange::exchange(&exchanging, &address, &key, now).await?;
                Ok((exchanged.token, exchanged.server_time))
            }
            .boxed()
        };
        Ok(Session {
            inner: Arc::new(Inner {
                base,
                text,
                client,
                cache: Cache::new(Arc::new(source), Arc::clone(&self.clock)),
                policy: self.policy,
                clock: self.clock,
                replays: AtomicU64::new(0),
                retries: AtomicU64::new(0),
            }),
        })
    }
}
