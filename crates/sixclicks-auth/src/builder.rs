//! Builds a session: the key or another source of tokens, and how connections are made.

use std::{
    fmt,
    future::Future,
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, SystemTime},
};

use futures_util::FutureExt;
use reqwest::{Certificate, Proxy, redirect, tls};
use sixclicks_core::Error;

use crate::{
    ApiKey, ClientCertificate, RetryPolicy, Session, TokenSource,
    cache::{Cache, Clock, Source},
    exchange, host,
    session::{Inner, invalid},
    source::{KeyFailure, KeySource},
};

/// How long one attempt and one connection may take, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where tokens come from.
enum Origin {
    Key(KeySource),
    Other(Arc<dyn TokenSource>),
}

/// Builds a [`Session`].
#[must_use]
pub struct SessionBuilder {
    host: String,
    origin: Option<Origin>,
    policy: RetryPolicy,
    timeout: Duration,
    connect_timeout: Duration,
    user_agent: String,
    clock: Clock,
    certificate: Option<ClientCertificate>,
    roots: Vec<Certificate>,
    proxy: Option<Proxy>,
    no_proxy: bool,
    accept_invalid: bool,
}

impl SessionBuilder {
    pub(crate) fn new(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            origin: None,
            policy: RetryPolicy::default(),
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: concat!("sixclicks-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            clock: Arc::new(SystemTime::now),
            certificate: None,
            roots: Vec::new(),
            proxy: None,
            no_proxy: false,
            accept_invalid: false,
        }
    }

    /// The key to exchange.
    pub fn api_key(mut self, key: ApiKey) -> Self {
        self.origin = Some(Origin::Key(KeySource::Fixed(key)));
        self
    }

    /// Whom to ask for the key before every exchange, so that a vault can supply it and
    /// change it without a restart. What the callback's error says is shown in errors.
    pub fn api_key_from<F, Fut>(mut self, ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<ApiKey, KeyFailure>> + Send + 'static,
    {
        self.origin = Some(Origin::Key(KeySource::asked(ask)));
        self
    }

    /// Another way to get tokens, in place of a key.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.origin = Some(Origin::Other(Arc::new(source)));
        self
    }

    /// The certificate to show to a server that asks for one.
    pub fn client_certificate(mut self, certificate: ClientCertificate) -> Self {
        self.certificate = Some(certificate);
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
        self.roots.extend(roots);
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
        self.proxy = Some(match login {
            Some((user, password)) => proxy.basic_auth(user, password),
            None => proxy,
        });
        Ok(self)
    }

    /// No proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.no_proxy = true;
        self
    }

    /// Accepts any certificate of the server. Whoever stands between can then read the key
    /// and everything else; building such a session logs a warning. Prefer
    /// [`root_certificates`](Self::root_certificates).
    pub fn danger_accept_invalid_certs(mut self, accept: bool) -> Self {
        self.accept_invalid = accept;
        self
    }

    /// When requests are repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// How long one attempt may take; 60 seconds unless told otherwise.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long a connection may take to be made; 10 seconds unless told otherwise.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// What the client calls itself.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
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
        // Somebody else's choice of a provider stands.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let failed =
            |error: reqwest::Error| invalid(format!("the HTTP client cannot be set up: {error}"));
        // A redirect of the exchange could lead the key away from its host.
        let exchanging = self
            .http()?
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
        let client = self.http()?.redirect(follow).build().map_err(failed)?;
        let source = match self.origin {
            Some(Origin::Key(key)) => {
                exchange_source(exchanging, text.clone(), key, Arc::clone(&self.clock))
            }
            Some(Origin::Other(other)) => other_source(other),
            None => {
                return Err(invalid(
                    "there is no API key; give one with `api_key`".to_owned(),
                ));
            }
        };
        Ok(Session {
            inner: Arc::new(Inner {
                base,
                text,
                client,
                cache: Cache::new(source, Arc::clone(&self.clock)),
                clock: self.clock,
                replays: AtomicU64::new(0),
                retries: AtomicU64::new(0),
            }),
            policy: Arc::new(self.policy),
        })
    }

    /// What both clients have in common.
    fn http(&self) -> Result<reqwest::ClientBuilder, Error> {
        let mut client = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .tls_version_min(tls::Version::TLS_1_2);
        if let Some(certificate) = &self.certificate {
            let identity = certificate
                .identity()
                .map_err(|_| invalid("the client certificate cannot be used".to_owned()))?;
            client = client.identity(identity);
        }
        if !self.roots.is_empty() {
            client = client.tls_certs_merge(self.roots.iter().cloned());
        }
        if self.no_proxy {
            client = client.no_proxy();
        } else if let Some(proxy) = &self.proxy {
            client = client.proxy(proxy.clone());
        }
        if self.accept_invalid {
            tracing::warn!(
                "certificates of the server are not checked: anybody in between can read the API key"
            );
            client = client.tls_danger_accept_invalid_certs(true);
        }
        Ok(client)
    }
}

fn exchange_source(
    client: reqwest::Client,
    address: String,
    key: KeySource,
    clock: Clock,
) -> Source {
    Arc::new(move || {
        let (client, address, key, now) = (client.clone(), address.clone(), key.clone(), clock());
        async move {
            let key = key.key().await.map_err(|error| {
                Error::credentials(
                    "token exchange",
                    format!("the API key could not be had: {error}"),
                )
            })?;
            let exchanged = exchange::exchange(&client, &address, &key, now).await?;
            Ok((exchanged.token, exchanged.server_time))
        }
        .boxed()
    })
}

fn other_source(source: Arc<dyn TokenSource>) -> Source {
    Arc::new(move || {
        let source = Arc::clone(&source);
        async move { Ok((source.token().await?, None)) }.boxed()
    })
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
