//! The session, seen through a generated client: when keys are exchanged, tokens renewed
//! and requests sent again.

use std::time::Duration;

use sixclicks_assessments_api::Client;
use sixclicks_auth::{ApiKey, ErrorKind, RetryPolicy, Session};
use sixclicks_sandbox::{Answer, Sandbox};

fn session(sandbox: &Sandbox) -> Session {
    let mut policy = RetryPolicy::default();
    policy.base = Duration::from_millis(1);
    Session::builder(&sandbox.url())
        .api_key(ApiKey::from(sandbox.api_key()))
        .retry(policy)
        .build()
        .expect("the sandbox's address")
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_first_calls_make_one_exchange() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&session(&sandbox));
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.list_assessments().send().await.map(|_| ()) })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(sandbox.exchanges(), 1);
    assert_eq!(sandbox.received().len(), 50);
}

#[tokio::test]
async fn clients_of_one_session_share_its_token() {
    let sandbox = Sandbox::start().await.unwrap();
    let session = session(&sandbox);
    Client::new(&session)
        .list_assessments()
        .send()
        .await
        .unwrap();
    sixclicks_controls_api::Client::new(&session)
        .list_tests()
        .send()
        .await
        .unwrap();
    assert_eq!(sandbox.exchanges(), 1);
}

#[tokio::test]
async fn a_wrong_key_is_told_and_not_tried_again_and_again() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&Session::new(&sandbox.url(), ApiKey::from("wrong-secret")).unwrap());
    for _ in 0..5 {
        let error = client.list_assessments().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(error.message().contains("rejected"), "{error}");
        assert!(!format!("{error} {error:?}").contains("wrong-secret"));
    }
    assert_eq!(sandbox.exchanges(), 1);
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn an_ended_token_is_exchanged_and_the_request_sent_once_more() {
    let sandbox = Sandbox::builder()
        .token_life(Duration::from_secs(3_600))
        .start()
        .await
        .unwrap();
    let session = session(&sandbox);
    let client = Client::new(&session);
    client.list_assessments().send().await.unwrap();
    sandbox.advance(Duration::from_secs(7_200));
    client.list_assessments().send().await.unwrap();
    assert_eq!(sandbox.exchanges(), 2);
    assert_eq!(session.counters().replays, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_refusals_at_once_make_one_exchange() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&session(&sandbox));
    client.list_assessments().send().await.unwrap();
    sandbox.revoke_tokens();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.list_assessments().send().await.map(|_| ()) })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(sandbox.exchanges(), 2);
}

#[tokio::test]
async fn a_second_refusal_is_the_callers_error() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::new(&session(&sandbox));
    sandbox.script(Answer::status(401));
    sandbox.script(Answer::status(401).body("not today"));
    let error = client.list_assessments().send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Credentials, "not today")
    );
    assert_eq!(sandbox.received().len(), 2);
}

#[tokio::test]
async fn passing_failures_are_repeated_and_a_500_is_not() {
    let sandbox = Sandbox::start().await.unwrap();
    let session = session(&sandbox);
    let client = Client::new(&session);
    sandbox.script(Answer::status(503));
    sandbox.script(Answer::status(429).header("retry-after", "0"));
    client.list_assessments().send().await.unwrap();
    assert_eq!(session.counters().retries, 2);
    sandbox.script(Answer::status(500));
    let error = client.list_assessments().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert_eq!(session.counters().retries, 2);
}

#[tokio::test]
async fn one_call_of_a_client_can_have_a_policy_of_its_own() {
    let sandbox = Sandbox::start().await.unwrap();
    let session = session(&sandbox);
    let client = Client::new(&session);
    let once = session.with_retry(RetryPolicy::never());
    sandbox.script(Answer::status(503));
    let error = client
        .with_session(&once)
        .list_assessments()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    sandbox.script(Answer::status(503));
    client.list_assessments().send().await.unwrap();
    assert_eq!((sandbox.exchanges(), session.counters().retries), (1, 1));
}

#[tokio::test]
async fn a_cancelled_caller_cancels_nobody() {
    let sandbox = Sandbox::start().await.unwrap();
    let session = session(&sandbox);
    let first = {
        let session = session.clone();
        tokio::spawn(async move { session.token().await.map(|_| ()) })
    };
    tokio::task::yield_now().await;
    let second = {
        let session = session.clone();
        tokio::spawn(async move { session.token().await.map(|_| ()) })
    };
    tokio::task::yield_now().await;
    first.abort();
    second.await.unwrap().unwrap();
    assert_eq!(sandbox.exchanges(), 1);
}

#[tokio::test]
async fn a_token_is_renewed_early_and_nobody_waits() {
    let sandbox = Sandbox::builder()
        .token_life(Duration::from_secs(1_000))
        .start()
        .await
        .unwrap();
    let ahead = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let clock = std::sync::Arc::clone(&ahead);
    let session = Session::builder(&sandbox.url())
        .api_key(ApiKey::from(sandbox.api_key()))
        .clock(move || {
            let seconds = clock.load(std::sync::atomic::Ordering::Relaxed);
            std::time::SystemTime::now() + Duration::from_secs(seconds)
        })
        .build()
        .unwrap();
    let first = session.token().await.unwrap();
    ahead.store(950, std::sync::atomic::Ordering::Relaxed);
    sandbox.script_exchange(Answer::status(503));
    let same = session.token().await.unwrap();
    assert_eq!(first.expires(), same.expires());
    assert_eq!(session.counters().renewals, 1);
}
