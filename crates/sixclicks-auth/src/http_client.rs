//! How connections are made: TLS, certificates, proxies, and which redirects are followed.

use std::{sync::Arc, time::Duration};

use reqwest::{Certificate, Client, ClientBuilder, Identity, Proxy, redirect, tls};
use sixclicks_core::Error;
use url::Url;

use crate::{ClientCertificate, exchange, host, redirect as other_hosts, session::invalid};

pub type Configure = dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync;

/// The settings of both clients of a session: the one for exchanges and the one for calls.
pub struct Connections {
    pub timeout: Duration,
    pub connect_timeout: Duration,
    pub user_agent: String,
    pub certificate: Option<ClientCertificate>,
    pub roots: Vec<Certificate>,
    pub proxy: Option<Proxy>,
    pub no_proxy: bool,
    pub accept_invalid: bool,
    /// Settings of the caller, which come before the session's own.
    pub configure: Arc<Configure>,
    /// Clients of the caller, in place of the session's own.
    pub own_calling: Option<Client>,
    pub own_exchanging: Option<Client>,
    #[cfg(feature = "native-tls")]
    pub native_tls: bool,
}

impl Connections {
    /// The client for exchanges. A redirect could lead the key away from its host, so none
    /// is followed.
    pub fn exchanging(&self, base: &Url) -> Result<Client, Error> {
        if let Some(own) = &self.own_exchanging {
            return Ok(own.clone());
        }
        let client = self.builder(base)?.redirect(redirect::Policy::none());
        client.timeout(self.timeout).build().map_err(failed)
    }

    /// The client for calls. It follows redirects within the host; those to other hosts are
    /// left to [`crate::redirect`], because bodies and headers must not go there.
    pub fn calling(&self, base: &Url) -> Result<Client, Error> {
        if let Some(own) = &self.own_calling {
            return Ok(own.clone());
        }
        let follow = redirect::Policy::custom(|attempt| {
            let past = attempt.previous();
            let leaves = past
                .last()
                .is_none_or(|from| !host::same(from, attempt.url()));
            let from_exchange = past.iter().any(|url| url.path().ends_with(exchange::PATH));
            if leaves || from_exchange || past.len() > other_hosts::LIMIT {
                attempt.stop()
            } else {
                attempt.follow()
            }
        });
        self.builder(base)?.redirect(follow).build().map_err(failed)
    }

    fn builder(&self, base: &Url) -> Result<ClientBuilder, Error> {
        // Somebody else's choice of a provider stands.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // The session limits the time of calls by itself, because transfers have no timeout.
        let mut client = (self.configure)(Client::builder())
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            .referer(false)
            .tls_version_min(tls::Version::TLS_1_2);
        client = self.backend(client)?;
        if !self.roots.is_empty() {
            client = client.tls_certs_merge(self.roots.iter().cloned());
        }
        // Plain HTTP is allowed on the loopback only, and a proxy is not a part of it.
        let in_the_open = base.scheme() == "http";
        if let Some(proxy) = self
            .proxy
            .as_ref()
            .filter(|_| !self.no_proxy && !in_the_open)
        {
            client = client.proxy(proxy.clone());
        } else if self.no_proxy || in_the_open || host::is_loopback(base) {
            client = client.no_proxy();
        }
        if self.accept_invalid {
            tracing::warn!(
                "certificates of the server are not checked: anybody in between can read the API key"
            );
            client = client.tls_danger_accept_invalid_certs(true);
        }
        Ok(client)
    }

    /// Which library does TLS, and the certificate in its form.
    fn backend(&self, client: ClientBuilder) -> Result<ClientBuilder, Error> {
        let own = self.certificate.as_ref();
        #[cfg(feature = "native-tls")]
        if self.native_tls {
            #[cfg(feature = "client-certificates")]
            let identity = own.map(ClientCertificate::native_identity);
            // No certificate was read then.
            #[cfg(not(feature = "client-certificates"))]
            let identity = None;
            return identified(client.tls_backend_native(), identity);
        }
        let identity = own.map(ClientCertificate::identity);
        identified(client.tls_backend_rustls(), identity)
    }
}

/// With a certificate to show, if there is one and the library can read it.
fn identified(
    client: ClientBuilder,
    identity: Option<Option<Identity>>,
) -> Result<ClientBuilder, Error> {
    match identity {
        None => Ok(client),
        Some(Some(identity)) => Ok(client.identity(identity)),
        Some(None) => Err(invalid("the client certificate cannot be used".to_owned())),
    }
}

fn failed(error: reqwest::Error) -> Error {
    invalid(format!("the HTTP client cannot be set up: {error}"))
}
