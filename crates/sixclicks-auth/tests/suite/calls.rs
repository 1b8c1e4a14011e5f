//! What the API answers: when a call is sent again, and when it ends.

use std::time::Duration;

use http::Method;
use sixclicks_auth::{ErrorKind, RetryPolicy};

use crate::support::{
    Act, Server, TOKEN, answer, builder, call, chunked, faults, get, hasty, ok, quick, session,
};

/// Sends a GET and reads the answer as generated code does.
async fn failure(session: &sixclicks_auth::Session) -> sixclicks_auth::Error {
    let request = get(session.base_url(), "/x");
    match session.execute(request, "get_x").await {
        Ok(response) => {
            sixclicks_core::Response::new(response, "get_x", true)
                .unexpected()
                .await
        }
        Err(error) => error,
    }
}

#[tokio::test]
async fn every_failure_of_a_call_is_an_error_of_its_kind() {
    for fault in faults::of_call() {
        let (server, url) = Server::start().await;
        let session = hasty(&url).build().unwrap();
        session.token().await.unwrap();
        // A refused token is replaced and the call made once more.
        server.answer_call(fault.act.clone()).answer_call(fault.act);
        let error = failure(&session).await;
        assert_eq!(error.kind(), fault.kind, "{}: {error}", fault.name);
        let shown = format!("{error} {error:?} {:?} {:?}", error.headers(), error.body());
        assert!(!shown.contains(TOKEN), "{}: {shown}", fault.name);
    }
}

#[tokio::test]
async fn passing_failures_are_retried_for_reads_and_told_for_writes() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    let line = |server: &Server| {
        server
            .answer_call(answer("503 Busy", "retry-after: 0\r\n", ""))
            .answer_call(answer(
                "429 Slow",
                "retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
                "",
            ))
            .answer_call(Act::ResetAfter(String::new()));
    };
    line(&server);
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert_eq!(session.counters().retries, 3);

    line(&server);
    assert_eq!(call(&session, Method::POST).await.unwrap(), 503);
    assert_eq!(call(&session, Method::PATCH).await.unwrap(), 429);
    let error = call(&session, Method::POST).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert_eq!(session.counters().retries, 3);
}

#[tokio::test]
async fn writes_are_retried_when_asked() {
    let (server, url) = Server::start().await;
    let mut policy = quick();
    policy.unsafe_methods = true;
    let session = session(&url).with_retry(policy);
    server.answer_call(answer("503 Busy", "", ""));
    assert_eq!(call(&session, Method::POST).await.unwrap(), 200);
}

#[tokio::test]
async fn a_500_is_never_retried() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    server.answer_call(answer("500 Oh", "", ""));
    assert_eq!(call(&session, Method::GET).await.unwrap(), 500);
    assert_eq!((server.calls(), session.counters().retries), (1, 0));
}

#[tokio::test]
async fn retries_end_with_the_last_answer() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    for _ in 0..9 {
        server.answer_call(answer("503 Busy", "", ""));
    }
    assert_eq!(call(&session, Method::GET).await.unwrap(), 503);
    assert_eq!(server.calls(), 6);
}

#[tokio::test]
async fn one_call_can_have_a_policy_of_its_own_and_shares_the_token() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    server.answer_call(answer("503 Busy", "", ""));
    let once = session.with_retry(RetryPolicy::never());
    assert_eq!(call(&once, Method::GET).await.unwrap(), 503);
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert_eq!(server.exchanges(), 1);
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_request_sent_once_more() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    server.answer_call(answer("401 No", "", ""));
    assert_eq!(call(&session, Method::POST).await.unwrap(), 200);
    assert_eq!((server.exchanges(), server.calls()), (2, 2));
    assert_eq!(session.counters().replays, 1);
}

#[tokio::test]
async fn a_second_refusal_is_the_callers_error_with_the_servers_answer() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    server
        .answer_call(answer("401 No", "", ""))
        .answer_call(answer("401 No", "", "not today"));
    let error = failure(&session).await;
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.message(), "not today");
    assert_eq!((server.exchanges(), server.calls()), (2, 2));
}

#[tokio::test]
async fn an_api_that_refuses_every_token_does_not_make_an_exchange_of_every_call() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    for _ in 0..40 {
        server.answer_call(answer("401 No", "", ""));
    }
    for _ in 0..10 {
        assert_eq!(call(&session, Method::GET).await.unwrap(), 401);
    }
    assert_eq!(server.exchanges(), 2);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_again_is_not_sent_twice() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    server
        .answer_call(answer("401 No", "", ""))
        .answer_call(answer("503 Busy", "", ""));
    let put = || {
        let parts = futures_util::stream::iter([Ok::<_, std::io::Error>("once")]);
        let mut request = reqwest::Request::new(Method::PUT, format!("{url}/x").parse().unwrap());
        *request.body_mut() = Some(reqwest::Body::wrap_stream(parts));
        request
    };
    for status in [401, 503, 200] {
        let response = session.execute(put(), "put_x").await.unwrap();
        assert_eq!(response.status().as_u16(), status);
    }
    assert_eq!(
        (session.counters().replays, session.counters().retries),
        (0, 0)
    );
}

#[tokio::test]
async fn a_call_ends_at_its_deadline_whoever_it_waits_for() {
    let (server, url) = Server::start().await;
    let mut policy = quick();
    policy.deadline = Duration::from_millis(30);
    let hasty = session(&url).with_retry(policy);
    let gate = server.hold_exchanges();
    let error = call(&hasty, Method::GET).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    gate.add_permits(9);
    hasty.token().await.unwrap();

    // The body counts as well, although its head has long been there.
    server.answer_call(Act::Drip(chunked("200 OK"), "1\r\nx\r\n"));
    let response = hasty.execute(get(&url, "/x"), "x").await;
    assert!(response.unwrap().bytes().await.unwrap_err().is_timeout());

    // A pause that would outlast it is not begun.
    server.answer_call(answer("503 Busy", "retry-after: 60\r\n", ""));
    assert_eq!(call(&hasty, Method::GET).await.unwrap(), 503);
}

#[tokio::test]
async fn an_answer_that_is_well_is_not_touched() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    server.answer_call(ok(&format!("\"{TOKEN}\"")));
    let response = session.execute(get(&url, "/x"), "x").await;
    assert_eq!(
        response.unwrap().text().await.unwrap(),
        format!("\"{TOKEN}\"")
    );
}

#[tokio::test]
async fn a_body_that_does_not_come_to_its_end_is_told_to_whoever_reads_it() {
    let part = "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n[1,".to_owned();
    for (name, act, kind) in [
        ("half a body", Act::Say(part.clone()), ErrorKind::Connection),
        ("a reset", Act::ResetAfter(part), ErrorKind::Connection),
        (
            "a slow drip",
            Act::Drip(chunked("200 OK"), "1\r\n1\r\n"),
            ErrorKind::Timeout,
        ),
        (
            "no end",
            Act::Endless(chunked("200 OK")),
            ErrorKind::Timeout,
        ),
    ] {
        let (server, url) = Server::start().await;
        let session = hasty(&url).build().unwrap();
        server.answer_call(act);
        let response = session.execute(get(&url, "/x"), "get_x").await.unwrap();
        let response = sixclicks_core::Response::new(response, "get_x", true);
        let error = response.json::<Vec<u8>, ()>().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{name}: {error}");
    }
}

#[tokio::test]
async fn a_request_sent_by_hand_gets_the_token_for_the_sessions_host_alone() {
    let (_server, url) = Server::start().await;
    let session = session(&url);
    let mut own = get(&url, "/x");
    session.authorize(&mut own).await.unwrap();
    assert_eq!(own.headers()["authorization"], format!("Bearer {TOKEN}"));
    assert!(own.headers()["authorization"].is_sensitive());

    let mut other = get("http://127.0.0.1:9", "/x");
    session.authorize(&mut other).await.unwrap();
    assert!(!other.headers().contains_key("authorization"));
    let mut brought = get(&url, "/x");
    let basic = "Basic own".parse().unwrap();
    brought.headers_mut().insert("authorization", basic);
    session.authorize(&mut brought).await.unwrap();
    assert_eq!(brought.headers()["authorization"], "Basic own");
}

#[tokio::test]
async fn a_request_that_cannot_be_made_is_told_at_once() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    let error = session.execute(get("data:", ""), "get_x").await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!((server.calls(), session.counters().retries), (0, 0));
}

#[tokio::test]
async fn the_server_hears_who_calls() {
    let (server, url) = Server::start().await;
    let named = builder(&url)
        .user_agent("my-tool/1.0")
        .connect_timeout(Duration::from_secs(1));
    call(&named.build().unwrap(), Method::GET).await.unwrap();
    call(&session(&url), Method::GET).await.unwrap();
    let seen = server.seen();
    assert!(seen[..2].iter().all(|head| head.contains("my-tool/1.0")));
    assert!(
        seen[2..]
            .iter()
            .all(|head| head.contains("sixclicks-rust/"))
    );
}
