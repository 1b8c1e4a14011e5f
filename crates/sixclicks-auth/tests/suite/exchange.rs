//! What the token endpoint answers, and what callers hear of it.

use std::time::Duration;

use http::Method;
use sixclicks_auth::{ApiKey, ErrorKind, RetryPolicy};

use crate::support::{KEY, Server, TOKEN, answer, builder, call, faults, hasty, ok, session};

#[tokio::test]
async fn every_failure_of_the_exchange_is_an_error_of_its_kind() {
    for fault in faults::of_exchange() {
        let (server, url) = Server::start().await;
        let session = hasty(&url).build().unwrap();
        server.answer_exchange(fault.act);
        let error = call(&session, Method::GET).await.unwrap_err();
        assert_eq!(error.kind(), fault.kind, "{}: {error}", fault.name);
        assert_eq!(error.operation(), "list_tests");
        assert_eq!(server.calls(), 0, "{}", fault.name);
    }
}

#[tokio::test]
async fn an_exchange_states_that_it_has_no_content() {
    let (server, url) = Server::start().await;
    call(&session(&url), Method::GET).await.unwrap();
    let seen = server.seen();
    let exchange = seen.iter().find(|head| head.contains("/auth/token"));
    let head = exchange.expect("an exchange").to_ascii_lowercase();
    assert!(head.contains("\r\ncontent-length: 0\r\n"), "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
}

#[tokio::test]
async fn a_passing_failure_of_the_exchange_is_tried_again_before_any_method() {
    for act in [
        answer("503 Busy", "", ""),
        answer("429 Slow", "retry-after: 0\r\n", ""),
    ] {
        let (server, url) = Server::start().await;
        server.answer_exchange(act);
        let session = session(&url);
        assert_eq!(call(&session, Method::POST).await.unwrap(), 200);
        assert_eq!((server.exchanges(), server.calls()), (2, 1));
    }
}

#[tokio::test]
async fn a_rejected_key_is_told_with_the_servers_status_and_words() {
    let (server, url) = Server::start().await;
    server.answer_exchange(answer(
        "403 No",
        "",
        r#"{"error":{"message":"Key deleted."}}"#,
    ));
    let error = call(&session(&url), Method::GET).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403));
    assert!(error.message().contains("Key deleted."), "{error}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_key_that_the_server_rejects_is_not_hammered() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    server.answer_exchange(answer("401 No", "", ""));
    for _ in 0..20 {
        let error = call(&session, Method::GET).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
    }
    assert_eq!(server.exchanges(), 1);
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_not_asked_again_before() {
    let (server, url) = Server::start().await;
    let session = builder(&url).retry(RetryPolicy::never()).build().unwrap();
    server.answer_exchange(answer("429 Slow", "retry-after: 120\r\n", ""));
    for _ in 0..5 {
        let error = call(&session, Method::GET).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimit);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(120)));
    }
    assert_eq!(server.exchanges(), 1);
}

#[tokio::test]
async fn an_answer_in_abps_envelope_is_understood() {
    let (server, url) = Server::start().await;
    server.answer_exchange(ok(&format!(
        r#"{{"result":{{"accessToken":"{TOKEN}","more":1}},"success":true,"error":null,"__abp":true}}"#
    )));
    assert_eq!(session(&url).token().await.unwrap().expose(), TOKEN);
}

#[tokio::test]
async fn the_key_goes_in_its_header_to_the_token_endpoint_and_nowhere_else() {
    let (server, url) = Server::start().await;
    call(&session(&url), Method::GET).await.unwrap();
    let seen = server.seen();
    assert!(seen[0].starts_with("POST /auth-api/1.0/auth/token "));
    assert!(
        seen[0]
            .to_lowercase()
            .contains(&format!("6clicks-api-key: {KEY}"))
    );
    assert!(
        !seen[1].contains(KEY) && seen[1].contains(&format!("Bearer {TOKEN}").to_lowercase())
            || seen[1].contains(&format!("Bearer {TOKEN}"))
    );
}

#[tokio::test]
async fn a_key_that_cannot_be_sent_is_told_without_being_shown() {
    for key in ["se\ncret", " "] {
        let (server, url) = Server::start().await;
        let session = builder(&url).api_key(ApiKey::from(key)).build().unwrap();
        let error = call(&session, Method::GET).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(!format!("{error:?}").contains("se\ncret"), "{error:?}");
        assert!(server.seen().is_empty());
    }
}
