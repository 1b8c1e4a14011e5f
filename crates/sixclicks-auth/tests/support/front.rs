//! A front that speaks TLS, before a server that does not: what comes in goes on to that
//! server in the open, and a reset there is one here.

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

/// A certificate of its own making, and what accepts connections with it.
pub struct Identity {
    pub pem: String,
    config: ServerConfig,
}

impl Identity {
    /// Of a host, valid from the beginning of one year to that of another.
    pub fn new(name: &str, from: i32, to: i32) -> Self {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], secret)
            .unwrap();
        Self {
            pem: certificate.pem(),
            config,
        }
    }

    /// Accepts connections that speak a protocol.
    pub fn acceptor(&self, protocol: &str) -> TlsAcceptor {
        let mut config = self.config.clone();
        config.alpn_protocols = vec![protocol.into()];
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Starts a front before the server at a plain address; answers its own.
pub async fn start(identity: &Identity, url: &str) -> String {
    let address = url.trim_start_matches("http://").to_owned();
    let acceptor = identity.acceptor("http/1.1");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that goes away is none of the front's business.
            tokio::spawn(pass(acceptor.clone(), stream, address.clone()));
        }
    });
    format!("https://localhost:{port}")
}

async fn pass(acceptor: TlsAcceptor, stream: TcpStream, address: String) -> std::io::Result<()> {
    let mut outer = acceptor.accept(stream).await?;
    let mut inner = TcpStream::connect(address).await?;
    if tokio::io::copy_bidirectional(&mut outer, &mut inner)
        .await
        .is_err()
    {
        outer.get_ref().0.set_zero_linger()?;
    }
    Ok(())
}
