//! Neither key nor token shows anywhere: errors with all that lies beneath them, `Debug`
//! texts, events of every crate at the finest level, and panics, captured while everything
//! goes wrong that the fault suite knows: in the open, through TLS, and over HTTP/2.

#[path = "support/mod.rs"]
mod support;

use std::panic;

use http::Method;
use sixclicks_auth::{ApiKey, FileStore, Session, SessionBuilder};
use support::{
    KEY, Server, TOKEN, builder, call, faults,
    front::{self, Identity},
    get,
    h2_server::{self, Act},
    hasty, jwt,
    said::{self, Said},
    token,
};

/// Makes a call that fails, and notes all that is told of it.
async fn fail(said: &Said, session: &Session) {
    let request = get(session.base_url(), "/x");
    let error = match session.execute(request, "get_x").await {
        Ok(response) => {
            let response = sixclicks_core::Response::new(response, "get_x", true);
            response.unexpected::<()>().await
        }
        Err(error) => error,
    };
    said.add(&said::shown(&error));
    said.add(&format!("{session:?}"));
}

/// A session that trusts a server's own certificate, if it has one.
fn trusting(url: &str, identity: Option<&Identity>) -> SessionBuilder {
    match identity {
        Some(identity) => hasty(url)
            .root_certificates(identity.pem.as_bytes())
            .unwrap(),
        None => hasty(url),
    }
}

/// Waits for the first token, which may take a busy machine longer than the session's haste.
async fn signed_in(session: &Session) {
    while session.token().await.is_err() {}
}

/// Every fault that the suite knows, in the open, or through TLS.
async fn faults_of_http_1(said: &Said, identity: Option<&Identity>) {
    let folder = tempfile::tempdir().unwrap();
    for (of_exchange, fault) in (faults::of_exchange().into_iter().map(|fault| (true, fault)))
        .chain(faults::of_call().into_iter().map(|fault| (false, fault)))
    {
        let (server, plain) = Server::start().await;
        let url = match identity {
            Some(identity) => front::start(identity, &plain).await,
            None => plain,
        };
        let session = trusting(&url, identity)
            .token_store(FileStore::new(folder.path()))
            .build()
            .unwrap();
        if of_exchange {
            server.answer_exchange(fault.act);
        } else {
            signed_in(&session).await;
            server.answer_call(fault.act.clone()).answer_call(fault.act);
        }
        fail(said, &session).await;
    }
}

/// What goes wrong over HTTP/2.
async fn faults_of_http_2(said: &Said, identity: &Identity) {
    let echo = || format!("no use for {TOKEN}");
    for act in [
        Act::Say(403, echo()),
        Act::Say(500, echo()),
        Act::Say(503, echo()),
        Act::Say(401, echo()),
        Act::Reset,
        Act::ResetAfter(400, echo()),
        Act::GoAway,
    ] {
        let url = h2_server::start(identity, [act.clone(), act]).await;
        let session = trusting(&url, Some(identity)).build().unwrap();
        signed_in(&session).await;
        fail(said, &session).await;
    }
}

/// Whatever holds a secret is shown, and a callback panics beside one.
async fn shown_and_panicked(said: &Said) {
    let (server, url) = Server::start().await;
    server.answer_exchange(token(&jwt(1, 2)));
    let session = builder(&url).build().unwrap();
    let shown = session.token().await.unwrap();
    said.add(&format!(
        "{shown:?} {:?} {:?}",
        ApiKey::from(KEY),
        builder(&url)
    ));
    let panics = builder(&url)
        .api_key_from(|| async {
            let key = ApiKey::from(KEY);
            panic!("cannot use {key:?}")
        })
        .build()
        .unwrap();
    said.add(&said::shown(&call(&panics, Method::GET).await.unwrap_err()));
}

#[tokio::test]
async fn no_failure_shows_a_secret_anywhere() {
    let said = Said::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(said.clone())
        .init();
    let panicked = said.clone();
    panic::set_hook(Box::new(move |info| panicked.add(&info.to_string())));

    let identity = Identity::new("localhost", 2020, 2090);
    faults_of_http_1(&said, None).await;
    faults_of_http_1(&said, Some(&identity)).await;
    faults_of_http_2(&said, &identity).await;
    shown_and_panicked(&said).await;
    let _ = panic::take_hook();

    let text = said.text();
    for expected in [
        "cannot use ApiKey",
        "hyper",
        "h2::",
        "rustls",
        "reqwest",
        "http.request.method",
        "TRACE",
    ] {
        assert!(text.contains(expected), "{expected} was not captured");
    }
    for secret in [KEY, TOKEN] {
        if let Some(at) = text.find(secret) {
            let from = text[..at].rfind('\n').unwrap_or_default();
            panic!("a secret shows: {}", &text[from..at + secret.len()]);
        }
    }
}
