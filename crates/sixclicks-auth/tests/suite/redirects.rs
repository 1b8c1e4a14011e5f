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
async fn a_proxy_gets_its_user_and_password_if_there_are_any() {
    for login in [Some(("user", "password")), None] {
        let (proxy, address) = Server::start().await;
        proxy.answer_call(answer("403 No", "", ""));
        let session = Session::builder("https://api.example.invalid")
            .api_key(ApiKey::from(KEY))
            .proxy(&address, login)
            .unwrap()
            .retry(sixclicks_auth::RetryPolicy::never())
            .build()
            .unwrap();
        call(&session, Method::GET).await.unwrap_err();
        let seen = proxy.seen().join("").to_lowercase();
        assert!(seen.contains("connect api.example.invalid:443"), "{seen}");
        let header = "proxy-authorization: basic dxnlcjpwyxnzd29yza==";
        assert_eq!(seen.contains(header), login.is_some(), "{seen}");
        assert_eq!(seen.contains("proxy-authorization"), login.is_some());
    }
}

#[tokio::test]
async fn what_goes_to_the_loopback_in_the_open_never_goes_through_a_proxy() {
    let (server, url) = Server::start().await;
    let (proxy, address) = Server::start().await;
    let session = Session::builder(&url)
        .api_key(ApiKey::from(KEY))
        .proxy(&address, Some(("user", "password")))
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert_eq!((server.calls(), proxy.seen().len()), (1, 0));
}

#[tokio::test]
async fn bodies_and_headers_of_a_call_do_not_follow_a_redirect_to_another_host() {
    for status in ["307 Temporary", "308 Permanent"] {
        let (other, elsewhere) = Server::start().await;
        let (server, url) = Server::start().await;
        let location = format!("location: {elsewhere}/admin\r\n");
        server
            .answer_call(answer(status, &location, ""))
            .answer_call(answer(status, &location, ""));
        let session = crate::support::session(&url);
        let mut request = get(&url, "/x");
        *request.method_mut() = Method::POST;
        *request.body_mut() = Some("body-nobody-else-may-see".into());
        let response = session.execute(request, "create_x").await.unwrap();
        assert!(response.status().is_redirection());
        assert!(other.seen().is_empty());

        let mut request = get(&url, "/x");
        let key = "header-nobody-else-may-see".parse().unwrap();
        request.headers_mut().insert("x-api-key", key);
        let response = session.execute(request, "get_x").await.unwrap();
        assert_eq!(response.status(), 200);
        let seen = other.seen().join("");
        assert!(seen.contains("GET /admin"), "{seen}");
        assert!(!seen.contains("nobody"), "{seen}");
    }
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
