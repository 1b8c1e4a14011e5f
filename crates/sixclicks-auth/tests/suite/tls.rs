//! Servers that cannot be trusted: the key is not given to them.

use std::sync::{Arc, Mutex};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use sixclicks_auth::{ErrorKind, RetryPolicy, Session};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::support::{KEY, builder};

/// A server with a certificate of its own making, and what it read.
struct Secure {
    url: String,
    pem: String,
    read: Arc<Mutex<String>>,
}

impl Secure {
    async fn start(name: &str, from: i32, to: i32) -> Self {
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
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let read = Arc::new(Mutex::new(String::new()));
        let log = Arc::clone(&read);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut part = [0; 4096];
                let length = stream.read(&mut part).await.unwrap_or_default();
                log.lock()
                    .unwrap()
                    .push_str(&String::from_utf8_lossy(&part[..length]));
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 19\r\nconnection: close\r\n\r\n{\"accessToken\":\"t\"}";
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
            }
        });
        Self {
            url: format!("https://localhost:{port}"),
            pem: certificate.pem(),
            read,
        }
    }

    fn session(&self) -> Session {
        let builder = builder(&self.url).retry(RetryPolicy::never());
        builder
            .root_certificates(self.pem.as_bytes())
            .unwrap()
            .build()
            .unwrap()
    }

    async fn refuses(&self, why: &str) {
        let error = self.session().token().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
        assert!(error.message().contains(why), "{error}");
        assert!(!self.read.lock().unwrap().contains(KEY));
    }
}

#[tokio::test]
async fn a_certificate_that_is_valid_and_trusted_is_taken() {
    let server = Secure::start("localhost", 2020, 2090).await;
    server.session().token().await.unwrap();
    assert!(server.read.lock().unwrap().contains(KEY));
}

#[tokio::test]
async fn an_expired_certificate_is_refused_before_the_key_is_sent() {
    Secure::start("localhost", 2000, 2001)
        .await
        .refuses("expired")
        .await;
}

#[tokio::test]
async fn a_certificate_of_the_future_is_refused_before_the_key_is_sent() {
    Secure::start("localhost", 2090, 2091)
        .await
        .refuses("not valid yet")
        .await;
}

#[tokio::test]
async fn a_certificate_of_another_host_is_refused_before_the_key_is_sent() {
    Secure::start("other.example", 2020, 2090)
        .await
        .refuses("not valid for")
        .await;
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_taken_only_by_who_asks_for_danger() {
    let server = Secure::start("localhost", 2000, 2001).await;
    let session = |danger| {
        let builder = builder(&server.url).retry(RetryPolicy::never());
        builder.danger_accept_invalid_certs(danger).build().unwrap()
    };
    assert_eq!(
        session(false).token().await.unwrap_err().kind(),
        ErrorKind::Connection
    );
    session(true).token().await.unwrap();
}

#[tokio::test]
async fn a_server_of_tls_1_1_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = [0; 4096];
        assert!(stream.read(&mut hello).await.unwrap() > 0);
        // A ServerHello of TLS 1.1 that takes the first suite such a server could have.
        let mut answer = vec![22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
        answer.extend([7; 32]);
        answer.extend([0, 0xc0, 0x13, 0]);
        stream.write_all(&answer).await.unwrap();
        let mut alert = Vec::new();
        let _ = stream.read_to_end(&mut alert).await;
        alert
    });
    let session = builder(&url).retry(RetryPolicy::never()).build().unwrap();
    let error = session.token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    // What the client says last is a fatal alert: it is of no such version.
    let alert = serving.await.unwrap();
    assert_eq!((alert[0], alert[5]), (21, 2), "{alert:?}");
}
