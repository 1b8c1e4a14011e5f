//! What goes wrong on real sockets, and what callers and secrets see of it.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use http::Method;
use sixclicks_auth::{ApiKey, Error, ErrorKind, RetryPolicy, Session};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::Semaphore,
};

const KEY: &str = "the-key-nobody-may-see";
const TOKEN: &str = "the-token-nobody-may-see";

/// A server that answers what a test has put in line, byte for byte.
#[derive(Default)]
struct Script {
    exchanges: Mutex<VecDeque<String>>,
    calls: Mutex<VecDeque<String>>,
    seen: Mutex<Vec<String>>,
    /// Exchanges wait here when a test asks for it.
    gate: Mutex<Option<Arc<Semaphore>>>,
}

impl Script {
    async fn serve(self: &Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let script = Arc::clone(&script);
                tokio::spawn(async move {
                    let mut request = vec![0; 8192];
                    let length = stream.read(&mut request).await.unwrap_or_default();
                    let request = String::from_utf8_lossy(&request[..length]).into_owned();
                    let is_exchange = request.contains("/auth-api/1.0/auth/token");
                    script.seen.lock().unwrap().push(request);
                    let gate = script.gate.lock().unwrap().clone();
                    if let Some(gate) = gate.filter(|_| is_exchange) {
                        let _ = gate.acquire().await;
                    }
                    let answer = if is_exchange {
                        let next = script.exchanges.lock().unwrap().pop_front();
                        next.unwrap_or_else(|| ok(&format!(r#"{{"accessToken":"{TOKEN}"}}"#)))
                    } else {
                        let next = script.calls.lock().unwrap().pop_front();
                        next.unwrap_or_else(|| ok("{}"))
                    };
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        url
    }

    fn exchanges(&self) -> usize {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|r| r.contains("/auth/token")).count()
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
}

fn ok(body: &str) -> String {
    answer("200 OK", "", body)
}

fn session(url: &str) -> Session {
    let mut policy = RetryPolicy::default();
    policy.base = Duration::from_millis(1);
    Session::builder(url)
        .api_key(ApiKey::from(KEY))
        .retry(policy)
        .no_proxy()
        .build()
        .unwrap()
}

async fn call(session: &Session, method: Method) -> Result<u16, Error> {
    let url = format!("{}/controls-api/1.0/tests", session.base_url());
    let request = reqwest::Request::new(method, url.parse().unwrap());
    session
        .execute(request, "list_tests")
        .await
        .map(|response| response.status().as_u16())
}

#[tokio::test]
async fn no_failure_of_the_exchange_shows_a_secret() {
    let half =
        "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"accessToken\":\"the-token".to_owned();
    for (said, kind) in [
        (
            answer("401 No", "", &format!("no key {KEY}")),
            ErrorKind::Credentials,
        ),
        (
            answer(
                "403 No",
                "",
                &format!(r#"{{"error":{{"message":"{KEY}"}}}}"#),
            ),
            ErrorKind::Credentials,
        ),
        (
            answer("429 Slow", "retry-after: 3\r\n", ""),
            ErrorKind::RateLimit,
        ),
        (answer("500 Oh", "", KEY), ErrorKind::Server),
        (
            answer("502 Bad", "", "<html><title>Bad Gateway</title></html>"),
            ErrorKind::Server,
        ),
        (answer("503 Busy", "", ""), ErrorKind::Server),
        (
            ok(&format!("{{\"accessToken\":{TOKEN}")),
            ErrorKind::UnexpectedAnswer,
        ),
        (ok(""), ErrorKind::UnexpectedAnswer),
        (ok(r#"{"accessToken":null}"#), ErrorKind::UnexpectedAnswer),
        (
            ok("{\"accessToken\":\"line\\nbreak\"}"),
            ErrorKind::UnexpectedAnswer,
        ),
        ("no HTTP at all\r\n\r\n".to_owned(), ErrorKind::Connection),
        (half, ErrorKind::Connection),
        (String::new(), ErrorKind::Connection),
    ] {
        let script = Arc::new(Script::default());
        let session = session(&script.serve().await);
        script.exchanges.lock().unwrap().push_back(said.clone());
        let error = call(&session, Method::GET).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{said}: {error}");
        let mut shown = format!("{error} {error:?} {session:?} {:?}", error.body());
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            shown.push_str(&format!("{inner} {inner:?}"));
            source = inner.source();
        }
        assert!(
            !shown.contains(KEY) && !shown.contains("the-token"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn a_rejected_key_keeps_the_servers_status() {
    let script = Arc::new(Script::default());
    let session = session(&script.serve().await);
    script
        .exchanges
        .lock()
        .unwrap()
        .push_back(answer("403 No", "", ""));
    let error = call(&session, Method::GET).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403));
    assert_eq!(error.operation(), "list_tests");
}

#[tokio::test]
async fn the_key_does_not_follow_a_redirect_and_the_token_only_to_its_host() {
    let (here, there) = (Arc::new(Script::default()), Arc::new(Script::default()));
    let elsewhere = there.serve().await;
    let session = session(&here.serve().await);
    let moved = answer("307 Moved", &format!("location: {elsewhere}/x\r\n"), "");
    here.exchanges.lock().unwrap().push_back(moved.clone());
    let error = call(&session, Method::GET).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(there.seen.lock().unwrap().is_empty());

    here.calls.lock().unwrap().push_back(moved);
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    let seen = there.seen.lock().unwrap().join("");
    assert!(seen.contains("GET /x") && !seen.contains(TOKEN), "{seen}");
}

#[tokio::test]
async fn passing_failures_are_retried_for_reads_and_told_for_writes() {
    let script = Arc::new(Script::default());
    let session = session(&script.serve().await);
    let busy = [
        answer("503 Busy", "retry-after: 0\r\n", ""),
        answer(
            "429 Slow",
            "retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
            "",
        ),
        String::new(),
    ];
    script.calls.lock().unwrap().extend(busy.clone());
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert_eq!(session.counters().retries, 3);

    script.calls.lock().unwrap().extend(busy);
    assert_eq!(call(&session, Method::POST).await.unwrap(), 503);
    let patient = session.with_retry(RetryPolicy::never());
    assert_eq!(call(&patient, Method::GET).await.unwrap(), 429);
    assert_eq!((session.counters().retries, script.exchanges()), (3, 1));
}

#[tokio::test]
async fn a_call_ends_at_its_deadline_even_when_the_server_never_answers() {
    let script = Arc::new(Script::default());
    *script.gate.lock().unwrap() = Some(Arc::new(Semaphore::new(0)));
    let mut policy = RetryPolicy::default();
    policy.deadline = Duration::from_millis(20);
    let hasty = session(&script.serve().await).with_retry(policy);
    let error = call(&hasty, Method::GET).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_cancelled_caller_cancels_nobody() {
    let script = Arc::new(Script::default());
    let gate = Arc::new(Semaphore::new(0));
    *script.gate.lock().unwrap() = Some(Arc::clone(&gate));
    let session = session(&script.serve().await);
    let start = |session: &Session| {
        let session = session.clone();
        tokio::spawn(async move { call(&session, Method::GET).await })
    };
    let first = start(&session);
    while script.exchanges() == 0 {
        tokio::task::yield_now().await;
    }
    let second = start(&session);
    tokio::task::yield_now().await;
    first.abort();
    gate.add_permits(1);
    assert_eq!(second.await.unwrap().unwrap(), 200);
    assert_eq!(script.exchanges(), 1);
}

#[tokio::test]
async fn a_failed_renewal_harms_nobody_while_the_old_token_serves() {
    let script = Arc::new(Script::default());
    let now = Arc::new(AtomicU64::new(1_000_000));
    let clock = Arc::clone(&now);
    let session = Session::builder(&script.serve().await)
        .api_key(ApiKey::from(KEY))
        .no_proxy()
        .clock(move || SystemTime::UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::SeqCst)))
        .build()
        .unwrap();
    call(&session, Method::GET).await.unwrap();
    now.fetch_add(22 * 3_600, Ordering::SeqCst);
    script
        .exchanges
        .lock()
        .unwrap()
        .push_back(answer("503 Busy", "", ""));
    call(&session, Method::GET).await.unwrap();
    while session.counters().failures == 0 {
        tokio::task::yield_now().await;
    }
    // Within the pause after the failure nothing is asked for.
    call(&session, Method::GET).await.unwrap();
    assert_eq!((session.counters().renewals, script.exchanges()), (1, 2));
}

#[tokio::test]
async fn a_vaults_new_key_is_used_without_a_restart() {
    let script = Arc::new(Script::default());
    let version = Arc::new(AtomicU64::new(1));
    let vault = Arc::clone(&version);
    let session = Session::builder(&script.serve().await)
        .api_key_from(move || {
            let key = format!("key-{}", vault.load(Ordering::SeqCst));
            async move { Ok(ApiKey::from(key)) }
        })
        .no_proxy()
        .build()
        .unwrap();
    call(&session, Method::GET).await.unwrap();
    version.store(2, Ordering::SeqCst);
    script
        .calls
        .lock()
        .unwrap()
        .push_back(answer("401 No", "", ""));
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    let seen = script.seen.lock().unwrap().join("");
    assert!(seen.contains("key-1") && seen.contains("key-2"));
}

#[tokio::test]
async fn a_proxy_gets_its_user_and_password() {
    let proxy = Arc::new(Script::default());
    let session = Session::builder("http://localhost:9")
        .api_key(ApiKey::from(KEY))
        .proxy(&proxy.serve().await, Some(("user", "password")))
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    let seen = proxy.seen.lock().unwrap().join("").to_lowercase();
    assert!(
        seen.contains("proxy-authorization: basic dxnlcjpwyxnzd29yza=="),
        "{seen}"
    );
}
