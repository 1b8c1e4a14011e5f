//! How a session behaves towards a server that refuses, fails or limits the rate.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use http::Method;
use sixclicks_auth::{ApiKey, ErrorKind, RetryPolicy, Session};

use crate::support::{
    Act, Server, answer, builder, call, chunked, get, handler::Handler, ok, quick, session, token,
};

#[tokio::test]
async fn one_operation_that_refuses_every_token_does_not_cost_an_exchange_per_call() {
    let server = Handler::start(|head| match head.contains("/bad") {
        true => answer("401 Unauthorized", "", ""),
        false => ok("{}"),
    })
    .await;
    let session = session(&server.url);
    for _ in 0..100 {
        let bad = session.execute(get(&server.url, "/bad"), "get_bad").await;
        assert_eq!(bad.unwrap().status(), 401);
        let good = session.execute(get(&server.url, "/good"), "get_good").await;
        assert_eq!(good.unwrap().status(), 200);
    }
    assert_eq!(server.exchanges(), 2);
}

#[tokio::test]
async fn a_401_of_another_host_after_a_redirect_keeps_the_token() {
    let other = Handler::start(|_| answer("401 Unauthorized", "", "")).await;
    let location = format!("location: {}/elsewhere\r\n", other.url);
    let server = Handler::start(move |_| answer("302 Found", &location, "")).await;
    let session = session(&server.url);
    for _ in 0..50 {
        let response = session.execute(get(&server.url, "/file"), "get_file").await;
        assert_eq!(response.unwrap().status(), 401);
    }
    assert_eq!((server.exchanges(), other.calls()), (1, 50));
}

#[tokio::test]
async fn callers_back_off_together_while_the_token_endpoint_fails() {
    let server = Handler::with_exchange(|_| answer("503 Busy", "", ""), |_| ok("{}")).await;
    let session = builder(&server.url)
        .retry(RetryPolicy::default())
        .build()
        .unwrap();
    let calls = (0..1_000).map(|_| {
        let session = session.clone();
        tokio::spawn(async move { call(&session, Method::GET).await })
    });
    let calls: Vec<_> = calls.collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Server, "{error}");
    }
    // One a step of the back-off: 0.25, 0.5, 1, 2 and 4 seconds, and what jitter adds.
    assert!(server.exchanges() <= 8, "{} exchanges", server.exchanges());
}

#[tokio::test]
async fn a_thousand_cold_calls_survive_three_failed_exchanges() {
    let failures = AtomicUsize::new(3);
    let exchange = move |_: &str| {
        let less = |left: usize| left.checked_sub(1);
        match failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less) {
            Ok(_) => answer("503 Busy", "", ""),
            Err(_) => token("fresh"),
        }
    };
    let server = Handler::with_exchange(exchange, |_| ok("{}")).await;
    let session = builder(&server.url)
        .retry(RetryPolicy::default())
        .build()
        .unwrap();
    let calls = (0..1_000).map(|_| {
        let session = session.clone();
        tokio::spawn(async move { call(&session, Method::POST).await })
    });
    let calls: Vec<_> = calls.collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), 200);
    }
    assert_eq!((server.exchanges(), server.calls()), (4, 1_000));
}

#[tokio::test]
async fn one_failure_to_get_the_key_costs_one_call() {
    let (_server, url) = Server::start().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let session = Session::builder(&url)
        .api_key_from(move || {
            let first = count.fetch_add(1, Ordering::SeqCst) == 0;
            async move {
                match first {
                    true => Err("the vault is sealed".into()),
                    false => Ok(ApiKey::from("key")),
                }
            }
        })
        .retry(quick())
        .no_proxy()
        .build()
        .unwrap();
    let error = call(&session, Method::GET).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().contains("the vault is sealed"), "{error}");
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn settings_without_limits_do_not_panic() {
    let huge = "retry-after: 9223372036854775807\r\n";
    let server = Handler::start(move |_| answer("503 Busy", huge, "")).await;
    let mut policy = RetryPolicy::default();
    policy.deadline = Duration::MAX;
    policy.longest = Duration::from_secs(20);
    let session = builder(&server.url)
        .retry(policy.clone())
        .assumed_token_life(Duration::MAX)
        .build()
        .unwrap();
    for _ in 0..3 {
        assert_eq!(call(&session, Method::POST).await.unwrap(), 503);
    }
    assert_eq!(server.exchanges(), 1);

    // With no longest pause either, the call waits; it does not panic.
    policy.longest = Duration::MAX;
    let waiting = session.with_retry(policy);
    let result =
        tokio::time::timeout(Duration::from_millis(300), call(&waiting, Method::GET)).await;
    assert!(result.is_err());
}

#[tokio::test]
async fn a_retry_waits_with_jitter_and_gives_up_when_the_server_asks_for_too_much() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&times);
    let server = Handler::start(move |_| {
        seen.lock().unwrap().push(Instant::now());
        answer("503 Busy", "retry-after: 0\r\n", "")
    })
    .await;
    let session = builder(&server.url)
        .retry(RetryPolicy::default())
        .build()
        .unwrap();
    let began = Instant::now();
    assert_eq!(call(&session, Method::GET).await.unwrap(), 503);
    assert_eq!(server.calls(), 6);
    // Five pauses at random below 0.25, 0.5, 1, 2 and 4 seconds: not all of them are tiny.
    assert!(began.elapsed() > Duration::from_millis(50));

    let server = Handler::start(|_| answer("429 Slow", "retry-after: 60\r\n", "")).await;
    let session = crate::support::session(&server.url);
    let response = session
        .execute(get(&server.url, "/x"), "get_x")
        .await
        .unwrap();
    assert_eq!((response.status().as_u16(), server.calls()), (429, 1));
}

#[tokio::test]
async fn a_session_stops_retrying_when_its_budget_is_used_up_and_says_so() {
    let server = Handler::start(|_| Act::ResetAfter(String::new())).await;
    let session = session(&server.url);
    let mut last = None;
    for _ in 0..60 {
        last = Some(call(&session, Method::GET).await.unwrap_err());
    }
    // The budget allows 100 retries; each call is sent at least once.
    assert_eq!(server.calls(), 160);
    let error = last.unwrap();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("retry budget"), "{error}");
}

#[tokio::test]
async fn a_refusal_of_the_rate_pauses_every_call_of_the_session() {
    let refused = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&refused);
    let server = Handler::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => answer("429 Slow", "retry-after: 1\r\n", ""),
        _ => ok("{}"),
    })
    .await;
    let session = session(&server.url);
    let began = Instant::now();
    let first = call(&session, Method::POST).await.unwrap();
    assert_eq!((first, server.calls()), (429, 1));
    // A write is not retried, but the next call waits for the time that the server named.
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_policy_that_is_not_adaptive_lets_a_refusal_delay_no_other_call() {
    let refused = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&refused);
    let server = Handler::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => answer("429 Slow", "retry-after: 3600\r\n", ""),
        _ => ok("{}"),
    })
    .await;
    let mut policy = RetryPolicy::never();
    // A call that had to wait for an hour would end at its deadline instead.
    policy.deadline = Duration::from_secs(60);
    policy.adaptive = false;
    let session = builder(&server.url).retry(policy).build().unwrap();
    assert_eq!(call(&session, Method::GET).await.unwrap(), 429);
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
}

#[tokio::test]
async fn a_response_without_end_is_an_error_at_the_limit() {
    let server = Handler::start(|_| Act::Endless(chunked("200 OK"))).await;
    let session = builder(&server.url)
        .response_limit(1 << 20)
        .build()
        .unwrap();
    let response = session
        .execute(get(&server.url, "/x"), "get_x")
        .await
        .unwrap();
    let response = sixclicks_core::Response::new(response, "get_x", true);
    let error = response.json::<serde_json::Value, ()>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(error.to_string().contains("1048576 bytes"), "{error}");
}

#[test]
fn a_call_outside_a_runtime_is_an_error() {
    let session = builder("http://127.0.0.1:9").build().unwrap();
    let mut call = std::pin::pin!(session.execute(get("http://127.0.0.1:9", "/x"), "get_x"));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = call.as_mut().poll(&mut context) else {
        panic!("the call did not fail at once");
    };
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("Tokio runtime"), "{error}");
}

#[tokio::test]
async fn a_token_can_be_dropped_and_renewed_by_hand() {
    let server = Handler::start(|_| ok("{}")).await;
    let session = session(&server.url);
    session.token().await.unwrap();
    session.renew_token().await.unwrap();
    assert_eq!(server.exchanges(), 2);
    session.forget_token();
    assert_eq!(server.exchanges(), 2);
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert_eq!(server.exchanges(), 3);
}
