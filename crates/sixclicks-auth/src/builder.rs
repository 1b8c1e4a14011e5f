//! Builds a session: the key or another source of tokens, and how connections are made.

use std::{
    fmt,
    future::Future,
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, SystemTime},
};

use reqwest::{Certificate, Client, ClientBuilder, Proxy};
use sixclicks_core::Error;

use crate::{
    ApiKey, ClientCertificate, KeyChain, RetryPolicy, Session, SessionHooks, TokenSource,
    TokenStore,
    budget::Budget,
    cache::Cache,
    hooks::Hooks,
    host,
    http_client::Connections,
    latency::Histogram,
    pace::Pace,
    session::{Inner, invalid},
    source::{KeyFailure, KeySource},
    token,
    tokens::{Clock, Counts, Origin, Tokens},
};

/// How long one attempt and one connection may take, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a transfer may be silent, unless told otherwise.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);

/// How much longer than an attempt an exchange may take, before it is taken for lost.
const GRACE: Duration = Duration::from_secs(5);

/// The largest response that is read into memory, unless told otherwise.
const RESPONSE_LIMIT: usize = 256 << 20;

/// Where tokens come from.
enum Given {
    Key(KeySource),
    Other(Arc<dyn TokenSource>),
}

/// Builds a [`Session`].
#[must_use]
pub struct SessionBuilder {
    host: String,
    given: Option<Given>,
    store: Option<Arc<dyn TokenStore>>,
    life: Duration,
    patience: Option<Duration>,
    policy: RetryPolicy,
    clock: Clock,
    response_limit: usize,
    silence: Duration,
    hooks: Hooks,
    connections: Connections,
}

impl SessionBuilder {
    pub(crate) fn new(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            given: None,
            store: None,
            life: token::ASSUMED_LIFE,
            patience: None,
            policy: RetryPolicy::default(),
            clock: Arc::new(SystemTime::now),
            response_limit: RESPONSE_LIMIT,
            silence: STALL_TIMEOUT,
            hooks: Hooks::default(),
            connections: Connections {
                timeout: TIMEOUT,
                connect_timeout: CONNECT_TIMEOUT,
                user_agent: concat!("sixclicks-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
                certificate: None,
                roots: Vec::new(),
                proxy: None,
                no_proxy: false,
                accept_invalid: false,
                configure: Arc::new(|builder| builder),
                own_calling: None,
                own_exchanging: None,
                #[cfg(feature = "native-tls")]
                native_tls: false,
            },
        }
    }

    /// The key to exchange.
    pub fn api_key(mut self, key: ApiKey) -> Self {
        self.given = Some(Given::Key(KeySource::Fixed(key)));
        self
    }

    /// Whom to ask for the key before every exchange, so that a vault can supply it and
    /// change it without a restart. What the callback's error says is shown in errors.
    pub fn api_key_from<F, Fut>(mut self, ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ApiKey, KeyFailure>> + Send + 'static,
    {
        self.given = Some(Given::Key(KeySource::asked(ask)));
        self
    }

    /// Asks a chain of sources for the key before every exchange.
    pub fn api_key_chain(mut self, chain: KeyChain) -> Self {
        self.given = Some(Given::Key(chain.into_source()));
        self
    }

    /// Another way to get tokens, in place of a key.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.given = Some(Given::Other(Arc::new(source)));
        self
    }

    /// Where tokens of the key are kept for other processes, such as a
    /// [`FileStore`](crate::FileStore). A store that fails is warned of and done without.
    pub fn token_store(mut self, store: impl TokenStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// How long a token lives that does not tell it; 23 hours unless told otherwise, which is
    /// the provider's default of 24 less a margin.
    pub fn assumed_token_life(mut self, life: Duration) -> Self {
        self.life = life;
        self
    }

    /// How long an exchange may take in all until it is taken for lost, with the runtime that
    /// it was on, and another caller begins a new one; five seconds more than one attempt
    /// unless told otherwise. A [`TokenSource`] or store that takes longer needs more.
    pub fn exchange_patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Changes settings of the HTTP client that the session has no method for: connection pool,
    /// keep-alive, DNS, HTTP/2. The closure is called for the client of calls and for that of exchanges;
    /// the session sets redirects, TLS, proxies, timeouts and the user agent afterwards.
    ///
    /// ```
    /// use std::time::Duration;
    /// use sixclicks_auth::{ApiKey, Session};
    ///
    /// # fn example() -> Result<(), sixclicks_auth::Error> {
    /// let session = Session::builder("https://app-au.6clicks.io")
    ///     .api_key(ApiKey::from("…"))
    ///     .configure_http(|client| {
    ///         client
    ///             .pool_max_idle_per_host(8)
    ///             .tcp_keepalive(Duration::from_secs(30))
    ///             .resolve("api-au.6clicks.io", ([192, 0, 2, 1], 443).into())
    ///     })
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn configure_http(
        mut self,
        configure: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.connections.configure = Arc::new(configure);
        self
    }

    /// Sends calls with this client instead of one of the session's own. Its settings replace those of
    /// this builder: proxy, certificates, connection timeout and user agent. Build it with
    /// `redirect(Policy::none())`: other policies send bodies and headers of a call to whichever host a
    /// redirect names. A timeout of the client also ends transfers.
    ///
    /// Exchanges are still made with a client of the session's own, unless
    /// [`exchange_http_client`](Self::exchange_http_client) gives one.
    pub fn http_client(mut self, client: Client) -> Self {
        self.connections.own_calling = Some(client);
        self
    }

    /// Exchanges the key with this client. It must be built with `redirect(Policy::none())`: otherwise
    /// a redirect could lead the key to another host. It needs a timeout of its own.
    pub fn exchange_http_client(mut self, client: Client) -> Self {
        self.connections.own_exchanging = Some(client);
        self
    }

    /// The certificate to show to a server that asks for one.
    pub fn client_certificate(mut self, certificate: ClientCertificate) -> Self {
        self.connections.certificate = Some(certificate);
        self
    }

    /// Certificates to trust besides the system's, as PEM text with one or more of them.
    ///
    /// # Errors
    ///
    /// When the text holds no certificate.
    pub fn root_certificates(mut self, pem: &[u8]) -> Result<Self, Error> {
        let roots = Certificate::from_pem_bundle(pem).unwrap_or_default();
        if roots.is_empty() {
            return Err(invalid(
                "the root certificates cannot be read; give them as PEM".to_owned(),
            ));
        }
        self.connections.roots.extend(roots);
        Ok(self)
    }

    /// The proxy for all connections, with user and password if it wants them, in place of
    /// the environment's.
    ///
    /// # Errors
    ///
    /// When the address cannot be used.
    pub fn proxy(mut self, address: &str, login: Option<(&str, &str)>) -> Result<Self, Error> {
        let proxy = Proxy::all(address).map_err(|_| {
            invalid("the proxy is no address; give one such as http://proxy:3128".to_owned())
        })?;
        self.connections.proxy = Some(match login {
            Some((user, password)) => proxy.basic_auth(user, password),
            None => proxy,
        });
        Ok(self)
    }

    /// No proxy, whatever the environment says. A host on the loopback never has the
    /// environment's.
    pub fn no_proxy(mut self) -> Self {
        self.connections.no_proxy = true;
        self
    }

    /// Accepts any certificate of the server. Whoever stands between can then read the key
    /// and everything else; building such a session logs a warning. Prefer
    /// [`root_certificates`](Self::root_certificates).
    pub fn danger_accept_invalid_certs(mut self, accept: bool) -> Self {
        self.connections.accept_invalid = accept;
        self
    }

    /// TLS by the system's library in the place of rustls.
    #[cfg(feature = "native-tls")]
    pub fn native_tls(mut self) -> Self {
        self.connections.native_tls = true;
        self
    }

    /// When requests are repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Limits how long one attempt may take, the body of its response included; 60 seconds by default.
    /// Uploads and bodies that are read as streams have no such limit, but
    /// [`stall_timeout`](Self::stall_timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.connections.timeout = timeout;
        self
    }

    /// Limits how long an upload, a download or an event stream may go without a byte; 30 seconds by
    /// default. It is then aborted with an error of kind `Timeout`. `Duration::MAX` means no limit.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.silence = timeout;
        self
    }

    /// Adds hooks, which are called around every attempt and when tokens are renewed or rejected.
    pub fn hooks(mut self, hooks: impl SessionHooks) -> Self {
        self.hooks.0.push(Arc::new(hooks));
        self
    }

    /// Limits the size of a response that is read into memory, in bytes; 256 MiB by default.
    /// A larger one is an error of kind `UnexpectedAnswer`. Downloads and other streams have no
    /// limit.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// How long a connection may take to be made; 10 seconds unless told otherwise.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connections.connect_timeout = timeout;
        self
    }

    /// What the client calls itself.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.connections.user_agent = name.into();
        self
    }

    /// The clock that tokens are measured by; the system's unless told otherwise.
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
        let client = self.connections.calling(&base)?;
        let origin = match self.given {
            Some(Given::Key(key)) => Origin::Key {
                client: self.connections.exchanging(&base)?,
                host: base.clone(),
                base: text.clone(),
                key,
            },
            Some(Given::Other(source)) => Origin::Other(source),
            None => {
                return Err(invalid(
                    "there is no API key; give one with `api_key`".to_owned(),
                ));
            }
        };
        let timeout = self.connections.timeout;
        let patience = (self.patience).unwrap_or_else(|| timeout.saturating_add(GRACE));
        Ok(Session {
            inner: Arc::new(Inner {
                base,
                text,
                client,
                timeout,
                silence: self.silence,
                attempts: Histogram::default(),
                tokens: Arc::new(Tokens {
                    cache: Cache::new(patience),
                    origin,
                    store: self.store,
                    clock: self.clock,
                    life: self.life,
                    patience,
                    counts: Counts::default(),
                    hooks: self.hooks,
                }),
                response_limit: self.response_limit,
                budget: Budget::new(),
                pace: Pace::new(),
                replays: AtomicU64::new(0),
                retries: AtomicU64::new(0),
            }),
            policy: Arc::new(self.policy),
        })
    }
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
