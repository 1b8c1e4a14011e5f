//! Servers that cannot be trusted: the key is not given to them.

use std::sync::Arc;

use sixclicks_auth::{ErrorKind, Session};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::support::{
    KEY, Server,
    front::{self, Identity},
    hasty,
};

/// A server with a certificate of its own making.
struct Secure {
    url: String,
    pem: String,
    server: Arc<Server>,
}

impl Secure {
    async fn start(name: &str, from: i32, to: i32) -> Self {
        let identity = Identity::new(name, from, to);
        let (server, plain) = Server::start().await;
        Self {
            url: front::start(&identity, &plain).await,
            pem: identity.pem,
            server,
        }
    }

    fn session(&self) -> Session {
        hasty(&self.url)
            .root_certificates(self.pem.as_bytes())
            .unwrap()
            .build()
            .unwrap()
    }

    fn saw_the_key(&self) -> bool {
        self.server.seen().join("").contains(KEY)
    }

    async fn refuses(&self, why: &str) {
        let error = self.session().token().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
        assert!(error.message().contains(why), "{error}");
        assert!(!self.saw_the_key());
    }
}

#[tokio::test]
async fn a_certificate_that_is_valid_and_trusted_is_taken() {
    let server = Secure::start("localhost", 2020, 2090).await;
    server.session().token().await.unwrap();
    assert!(server.saw_the_key());
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
        let builder = hasty(&server.url);
        builder.danger_accept_invalid_certs(danger).build().unwrap()
    };
    assert_eq!(
        session(false).token().await.unwrap_err().kind(),
        ErrorKind::Tls
    );
    session(true).token().await.unwrap();
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_or_resets_instead_never_gets_the_key() {
    for greeting in [Some("HTTP/1.1 400 Bad Request\r\n\r\n"), None] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut hello = vec![0; 4096];
            let length = stream.read(&mut hello).await.unwrap();
            match greeting {
                Some(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                None => stream.set_zero_linger().unwrap(),
            }
            String::from_utf8_lossy(&hello[..length]).into_owned()
        });
        let session = hasty(&url).build().unwrap();
        let error = session.token().await.unwrap_err();
        // A reset can pass; a server that speaks something else stays as it is.
        let kind = match greeting {
            Some(_) => ErrorKind::Tls,
            None => ErrorKind::Connection,
        };
        assert_eq!(error.kind(), kind, "{error}");
        assert!(!serving.await.unwrap().contains(KEY));
    }
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
    let session = hasty(&url).build().unwrap();
    let error = session.token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls);
    // What the client says last is a fatal alert: it is of no such version.
    let alert = serving.await.unwrap();
    assert_eq!((alert[0], alert[5]), (21, 2), "{alert:?}");
}
