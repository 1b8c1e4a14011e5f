//! Where key and token go when a server or a proxy points elsewhere.

use http::Method;
use sixclicks_auth::{ApiKey, ErrorKind, Session};

use crate::support::{KEY, Server, TOKEN, answer, call, get, session};

#[tokio::test]
async fn the_key_does_not_follow_a_redirect() {
    let (here, url) = Server::start().await;
    let (there, elsewhere) = Server::start().await;
    here.answer_exchange(answer(
        "307 Moved",
        &format!("location: {elsewhere}/x\r\n"),
        "",
    ));
    let error = call(&session(&url), Method::GET).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(there.seen().is_empty());
}

#[tokio::test]
async fn the_token_is_taken_off_when_the_host_changes_and_stays_on_otherwise() {
    let (here, url) = Server::start().await;
    let (there, elsewhere) = Server::start().await;
    let session = session(&url);
    here.answer_call(answer(
        "307 Moved",
        &format!("location: {elsewhere}/x\r\n"),
        "",
    ))
    .answer_call(answer("307 Moved", "location: /y\r\n", ""));
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    let seen = there.seen().join("").to_lowercase();
    assert!(seen.contains("get /x") && !seen.contains(TOKEN), "{seen}");
    assert!(!seen.contains("referer"), "{seen}");

    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    let last = here.seen().pop().unwrap();
    assert!(last.starts_with("GET /y") && last.contains(TOKEN), "{last}");
}

#[tokio::test]
async fn a_redirect_into_the_open_is_not_followed() {
    let (here, url) = Server::start().await;
    let moved = "location: http://api.example.invalid/x\r\n";
    here.answer_call(answer("302 Moved", moved, ""));
    assert_eq!(call(&session(&url), Method::GET).await.unwrap(), 302);
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let (here, url) = Server::start().await;
    for _ in 0..30 {
        here.answer_call(answer("302 Moved", "location: /again\r\n", ""));
    }
    assert_eq!(call(&session(&url), Method::GET).await.unwrap(), 302);
    assert_eq!(here.calls(), 11);
}

#[tokio::test]
async fn a_request_to_another_host_gets_no_token() {
    let (_here, url) = Server::start().await;
    let (there, elsewhere) = Server::start().await;
    let session = session(&url);
    session.execute(get(&elsewhere, "/x"), "x").await.unwrap();
    assert!(!there.seen().join("").contains(TOKEN));
}

#[tokio::test]
async fn a_proxy_gets_its_user_and_password() {
    let (proxy, address) = Server::start().await;
    let session = Session::builder("http://localhost:9")
        .api_key(ApiKey::from(KEY))
        .proxy(&address, Some(("user", "password")))
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    let seen = proxy.seen().join("").to_lowercase();
    assert!(
        seen.contains("proxy-authorization: basic dxnlcjpwyxnzd29yza=="),
        "{seen}"
    );
}

#[tokio::test]
async fn a_proxy_without_a_login_is_sent_none() {
    let (proxy, address) = Server::start().await;
    let session = Session::builder("http://localhost:9")
        .api_key(ApiKey::from(KEY))
        .proxy(&address, None)
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    let seen = proxy.seen().join("").to_lowercase();
    assert!(seen.contains("get http://localhost:9/"), "{seen}");
    assert!(!seen.contains("proxy-authorization"), "{seen}");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_a_failed_connection_and_never_sees_the_key() {
    let (proxy, address) = Server::start().await;
    proxy
        .answer_call(answer("407 Log in", "", ""))
        .answer_call(answer("403 No", "", ""));
    let session = Session::builder("https://api.example.invalid")
        .api_key(ApiKey::from(KEY))
        .proxy(&address, Some(("user", "pass-nobody-may-see")))
        .unwrap()
        .retry(sixclicks_auth::RetryPolicy::never())
        .build()
        .unwrap();
    for _ in 0..2 {
        let error = call(&session, Method::GET).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(
            !format!("{error} {error:?}").contains("pass-nobody"),
            "{error}"
        );
    }
    let seen = proxy.seen().join("");
    assert!(
        seen.contains("CONNECT api.example.invalid:443") && !seen.contains(KEY),
        "{seen}"
    );
}

#[test]
fn settings_that_cannot_be_used_are_told() {
    let builder = || Session::builder("https://app-au.6clicks.io").api_key(ApiKey::from(KEY));
    for error in [
        Session::builder("https://app-au.6clicks.io")
            .build()
            .unwrap_err(),
        Session::builder("http://app-au.6clicks.io")
            .api_key(ApiKey::from(KEY))
            .build()
            .unwrap_err(),
        builder().proxy("::", None).unwrap_err(),
        builder().root_certificates(b"none").unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    }
    assert!(!format!("{:?}", builder()).contains(KEY));
}
