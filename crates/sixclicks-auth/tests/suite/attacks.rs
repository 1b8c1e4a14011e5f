//! Attacks on the session that have no other place: stores that hang or lie, tokens and hosts of every
//! kind, connections that end while they wait.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use http::Method;
use sixclicks_auth::{ApiKey, FileStore, RetryPolicy, Session, SessionBuilder};

use crate::support::{
    Act, Hands, KEY, START, Server, TOKEN, answer, builder, call, get, handler::Handler, ok, token,
};

fn never(url: &str) -> SessionBuilder {
    builder(url).retry(RetryPolicy::never())
}

/// A session that keeps its tokens in a folder.
fn stored(url: &str, folder: &std::path::Path) -> SessionBuilder {
    never(url).token_store(FileStore::new(folder))
}

/// The names of the files in a folder that end in a certain way.
fn files(folder: &std::path::Path, end: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect()
}

/// F1: another process holds the lock of the store and hangs.
#[tokio::test]
async fn a_lock_that_somebody_holds_costs_no_call() {
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let patient = || stored(&url, folder.path()).exchange_patience(Duration::from_secs(2));
    let first = patient().build().unwrap();
    call(&first, Method::GET).await.unwrap();
    std::fs::remove_file(&files(folder.path(), ".token")[0]).unwrap();
    let lock = std::fs::File::options()
        .write(true)
        .open(&files(folder.path(), ".lock")[0])
        .unwrap();
    lock.lock().unwrap();
    for _ in 0..3 {
        let session = patient().build().unwrap();
        assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    }
    // None of the tokens was thrown away.
    assert_eq!(server.exchanges(), 4);
}

/// F13: opening a pipe in place of the lock file would block.
#[cfg(unix)]
#[tokio::test]
async fn a_pipe_in_the_place_of_the_lock_does_not_block() {
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    call(&stored(&url, folder.path()).build().unwrap(), Method::GET)
        .await
        .unwrap();
    let lock = files(folder.path(), ".lock").remove(0);
    std::fs::remove_file(&lock).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&lock).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: mkfifo is not available");
        return;
    }
    let session = stored(&url, folder.path()).build().unwrap();
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert_eq!(server.exchanges(), 2);
}

/// F13: others may write to the folder, and what they put there is not a token.
#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_others_can_write_to_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    call(&stored(&url, folder.path()).build().unwrap(), Method::GET)
        .await
        .unwrap();
    let open = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(folder.path(), open).unwrap();
    call(&stored(&url, folder.path()).build().unwrap(), Method::GET)
        .await
        .unwrap();
    assert_eq!(server.exchanges(), 2);
}

/// F13: a token that no header can hold is exchanged anew.
#[tokio::test]
async fn a_kept_token_with_a_line_break_is_not_used() {
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    call(&stored(&url, folder.path()).build().unwrap(), Method::GET)
        .await
        .unwrap();
    let file = files(folder.path(), ".token").remove(0);
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.contains(TOKEN));
    std::fs::write(&file, kept.replace(TOKEN, r"two\nlines")).unwrap();
    let session = stored(&url, folder.path()).build().unwrap();
    for _ in 0..3 {
        assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    }
    assert_eq!(server.exchanges(), 2);
}

/// F19: what follows a host may be a secret, and a key may be given by mistake.
#[test]
fn a_host_that_cannot_be_used_does_not_show_its_query() {
    for host in [
        "https://h:1x/?apikey=hUsh",
        "https://h:99999?apikey=hUsh",
        "https://user:hUsh@h",
        "ftp://h/?apikey=hUsh",
        "http://h.example/?apikey=hUsh",
        "https://?apikey=hUsh#hUsh",
    ] {
        let error = Session::builder(host)
            .api_key(ApiKey::from(KEY))
            .build()
            .unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hUsh"), "{shown}");
    }
}

/// Tokens with strange claims, or none, cost one exchange and inject nothing.
#[tokio::test]
async fn tokens_of_every_kind_serve_and_are_exchanged_once() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let jwt = |claims: String| format!("head.{}.sign", URL_SAFE_NO_PAD.encode(claims));
    let tokens = [
        jwt(format!(r#"{{"iat":{START},"exp":10000000000}}"#)),
        jwt(r#"{"exp":99000000000}"#.to_owned()),
        jwt(r#"{"exp":1e300}"#.to_owned()),
        jwt(r#"{"exp":1800003600000}"#.to_owned()),
        jwt(r#"{"exp":"1800003600"}"#.to_owned()),
        jwt(r#"{"sub":"x"}"#.to_owned()),
        jwt(format!(
            r#"{{"iat":{},"exp":{}}}"#,
            START - 7200,
            START - 3600
        )),
        jwt(format!(r#"{{"exp":{}}}"#, START - 3600)),
        jwt(format!(
            r#"{{"iat":{},"exp":{}}}"#,
            START + 3600,
            START + 7200
        )),
        "opaque".to_owned(),
        "..".to_owned(),
        "a.!!!.c".to_owned(),
        "x".repeat((1 << 16) - 100),
    ];
    for text in tokens {
        let own = text.clone();
        let server = Handler::with_exchange(move |_| token(&own), |_| ok("{}")).await;
        let session = Hands::new().put_on(never(&server.url)).build().unwrap();
        for _ in 0..3 {
            assert_eq!(
                call(&session, Method::GET).await.unwrap(),
                200,
                "{text:.40}"
            );
        }
        assert_eq!(server.exchanges(), 1, "{text:.40}");
    }
    for text in [r"a\u0001b", r"a\r\nX-Evil: 1", r"a\u0000b", "   "] {
        let server = Handler::with_exchange(move |_| token(text), |_| ok("{}")).await;
        let session = never(&server.url).build().unwrap();
        assert!(call(&session, Method::GET).await.is_err(), "{text}");
        assert_eq!(server.calls(), 0);
    }
}

/// A connection that the server closes while it waits in the pool: no write is lost or done twice.
#[tokio::test]
async fn writes_over_connections_that_end_are_done_once() {
    let seen: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
    let counted = Arc::clone(&seen);
    let server = Handler::start(move |head| {
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        *counted.lock().unwrap().entry(path).or_default() += 1;
        // It promises to keep the connection, and closes it.
        Act::Say("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_owned())
    })
    .await;
    let session = builder(&server.url).build().unwrap();
    let mut succeeded = 0;
    for number in 0..100 {
        let mut request = get(&server.url, &format!("/{number}"));
        *request.method_mut() = Method::POST;
        let result = session.execute(request, "create_x").await;
        succeeded += usize::from(result.is_ok());
    }
    let seen = seen.lock().unwrap();
    assert!(seen.values().all(|times| *times == 1), "{seen:?}");
    assert!(seen.len() >= succeeded);
    assert_eq!(succeeded, 100);
}

/// A response that claims to be compressed although the request did not allow that.
#[tokio::test]
async fn nothing_is_unpacked() {
    let headers = "content-encoding: gzip\r\n";
    let packed = answer("200 OK", headers, "\u{1f}\u{8}not unpacked");
    let own = packed.clone();
    let (server, url) = Server::start().await;
    server.answer_exchange(own).answer_call(packed);
    let session = never(&url).build().unwrap();
    assert!(session.token().await.is_err());
    session.forget_token();
    let response = session.execute(get(&url, "/x"), "get_x").await.unwrap();
    assert!(response.text().await.unwrap().contains("not unpacked"));
    assert!(
        server
            .seen()
            .iter()
            .all(|head| !head.contains("accept-encoding"))
    );
}

/// A `Retry-After` of the token endpoint that no clock can express.
#[tokio::test]
async fn an_exchange_that_is_put_off_for_ever_is_an_error_at_once() {
    for seconds in ["1000000000", "9223372036854775807", "18446744073709551615"] {
        let (server, url) = Server::start().await;
        let header = format!("retry-after: {seconds}\r\n");
        server.answer_exchange(answer("503 Busy", &header, ""));
        let clock = Hands::new();
        let session = clock.put_on(builder(&url)).build().unwrap();
        for _ in 0..2 {
            assert!(call(&session, Method::GET).await.is_err());
        }
        assert_eq!(server.exchanges(), 1);
        // Later calls are not blocked.
        clock.turn(1.0);
        assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
        assert!(session.token_expires() > Some(SystemTime::UNIX_EPOCH));
    }
}

/// A server that limits the rate has planned for the retry: it does not use the budget.
#[tokio::test]
async fn a_refusal_of_the_rate_is_retried_when_the_budget_is_used_up() {
    let (server, url) = Server::start().await;
    let mut policy = RetryPolicy::default();
    policy.attempts = 51;
    (policy.base, policy.longest) = (Duration::from_millis(1), Duration::from_millis(2));
    let session = builder(&url).retry(policy).build().unwrap();
    session.token().await.unwrap();
    let busy = || answer("503 Busy", "", "");
    // Two calls with 50 retries each empty the bucket.
    for _ in 0..103 {
        server.answer_call(busy());
    }
    for _ in 0..3 {
        assert_eq!(call(&session, Method::GET).await.unwrap(), 503);
    }
    assert_eq!(session.counters().retries, 100);
    for refusal in [
        answer("429 Slow", "retry-after: 0\r\n", ""),
        answer("503 Busy", "retry-after: 0\r\n", ""),
    ] {
        server.answer_call(refusal);
        assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    }
    assert_eq!(session.counters().retries, 102);
}
