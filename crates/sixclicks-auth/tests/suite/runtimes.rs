//! Runtimes of every kind, and such as end in the midst of an exchange.

use std::time::Duration;

use http::Method;
use sixclicks_auth::{AccessToken, Error, ErrorKind, Session, SourceFuture, TokenSource};
use tokio::runtime::{Builder, Runtime};

use crate::support::{Server, answer, builder, call, session, until};

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[tokio::test]
async fn a_cancelled_caller_cancels_nobody() {
    let (server, url) = Server::start().await;
    let gate = server.hold_exchanges();
    let session = session(&url);
    let start = || {
        let session = session.clone();
        tokio::spawn(async move { call(&session, Method::GET).await })
    };
    let first = start();
    until(|| server.exchanges() == 1).await;
    let second = start();
    tokio::task::yield_now().await;
    first.abort();
    gate.add_permits(1);
    assert_eq!(second.await.unwrap().unwrap(), 200);
    assert_eq!(server.exchanges(), 1);
}

#[test]
fn a_session_serves_one_runtime_after_another() {
    let serving = Runtime::new().unwrap();
    let (server, url) = serving.block_on(Server::start());
    let session = session(&url);
    for runtime in [current_thread(), Runtime::new().unwrap(), current_thread()] {
        assert_eq!(runtime.block_on(call(&session, Method::GET)).unwrap(), 200);
    }
    assert_eq!(server.exchanges(), 1);
}

#[test]
fn an_exchange_whose_runtime_ends_is_taken_over_by_who_waits() {
    let serving = Runtime::new().unwrap();
    let (server, url) = serving.block_on(Server::start());
    let gate = server.hold_exchanges();
    let session = session(&url);

    let ending = Runtime::new().unwrap();
    let begun = session.clone();
    ending.spawn(async move { call(&begun, Method::GET).await });
    serving.block_on(until(|| server.exchanges() == 1));
    let waiting = {
        let session = session.clone();
        serving.spawn(async move { call(&session, Method::GET).await })
    };
    ending.shutdown_background();
    gate.add_permits(2);
    assert_eq!(serving.block_on(waiting).unwrap().unwrap(), 200);
}

#[test]
fn an_exchange_whose_runtime_stands_still_is_taken_over_in_the_end() {
    let serving = Runtime::new().unwrap();
    let (server, url) = serving.block_on(Server::start());
    let gate = server.hold_exchanges();
    let session = builder(&url)
        .timeout(Duration::from_millis(50))
        .exchange_patience(Duration::from_millis(60))
        .build()
        .unwrap();
    let still = current_thread();
    still.block_on(async {
        let session = session.clone();
        let _ = tokio::time::timeout(Duration::from_millis(5), session.token()).await;
    });
    // Nobody drives the exchange from here on.
    gate.add_permits(2);
    let token = serving.block_on(session.token());
    assert!(token.is_ok(), "{token:?}");
    drop(still);
}

/// Hands out one token after another.
struct Numbered(std::sync::atomic::AtomicU64);

impl TokenSource for Numbered {
    fn token(&self) -> SourceFuture<'_, Result<AccessToken, Error>> {
        let number = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let text = format!("number-{number}");
        Box::pin(async { Ok(AccessToken::new(text, std::time::SystemTime::now())) })
    }
}

#[tokio::test]
async fn tokens_of_another_source_are_kept_and_replaced_like_those_of_a_key() {
    let (server, url) = Server::start().await;
    let session = builder(&url)
        .token_source(Numbered(0.into()))
        .build()
        .unwrap();
    for _ in 0..3 {
        assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    }
    server.answer_call(answer("401 No", "", ""));
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    let seen = server.seen();
    assert!(
        seen[..4]
            .iter()
            .all(|head| head.contains("Bearer number-0"))
    );
    assert!(seen[4].contains("Bearer number-1"), "{}", seen[4]);
    assert_eq!((server.exchanges(), session.counters().exchanges), (0, 2));
}

struct Panics;

impl TokenSource for Panics {
    fn token(&self) -> SourceFuture<'_, Result<AccessToken, Error>> {
        Box::pin(async { panic!("on purpose") })
    }
}

#[tokio::test]
async fn a_source_that_panics_is_an_error_and_no_circle() {
    let session = Session::builder("http://127.0.0.1:9")
        .token_source(Panics)
        .build()
        .unwrap();
    // Each call asks again, after the back-off.
    for exchanges in 1..=2 {
        let error = session.token().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert_eq!(session.counters().exchanges, exchanges);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_make_one_exchange() {
    let (server, url) = Server::start().await;
    let gate = server.hold_exchanges();
    let session = session(&url);
    let calls: Vec<_> = (0..1_000)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.token().await.map(drop) })
        })
        .collect();
    gate.add_permits(1);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.exchanges(), 1);
}

/// F21: Tokio panics where a driver is missing.
#[test]
fn a_runtime_without_drivers_is_an_error() {
    let serving = Runtime::new().unwrap();
    let (server, url) = serving.block_on(Server::start());
    let session = session(&url);
    serving.block_on(session.token()).unwrap();
    for runtime in [
        Builder::new_current_thread().build().unwrap(),
        Builder::new_current_thread().enable_io().build().unwrap(),
        Builder::new_current_thread().enable_time().build().unwrap(),
    ] {
        let error = runtime.block_on(call(&session, Method::GET)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().contains("enable_all"), "{error}");
    }
    // The session is sound afterwards.
    assert_eq!(serving.block_on(call(&session, Method::GET)).unwrap(), 200);
    assert_eq!(server.exchanges(), 1);
}
