//! Hooks, latencies, clients of the caller's own, and keys that make writes repeatable.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use http::Method;
use sixclicks_auth::{
    Attempt, Error, ErrorKind, Outcome, Renewal, RetryPolicy, Session, SessionHooks,
};

use crate::support::{
    KEY, Server, TOKEN, answer, builder, call, get, handler::Handler, ok, quick, session,
};

/// Notes what happens.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn note(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl SessionHooks for Notes {
    fn before_attempt(&self, attempt: &Attempt<'_>, request: &mut reqwest::Request) {
        let shown = format!("{request:?}");
        assert!(!shown.contains(TOKEN) && !shown.contains(KEY), "{shown}");
        let number = attempt.number.to_string().parse().unwrap();
        request.headers_mut().insert("x-attempt", number);
        self.note(format!("{} {}", attempt.operation, attempt.number));
    }

    fn after_attempt(&self, attempt: &Attempt<'_>, outcome: &Outcome<'_>) {
        let status = outcome.status.map(|status| status.as_u16());
        let has_headers = outcome.headers.is_some();
        self.note(format!(
            "{} {status:?} {:?} {has_headers}",
            attempt.number, outcome.failure
        ));
    }

    fn token_renewed(&self, renewal: &Renewal) {
        assert!(renewal.expires > SystemTime::now());
        self.note(format!("renewed: {}", renewal.reason));
    }

    fn renewal_failed(&self, error: &Error) {
        self.note(format!("not renewed: {:?}", error.kind()));
    }

    fn token_rejected(&self, attempt: &Attempt<'_>) {
        self.note(format!("rejected: {}", attempt.number));
    }
}

#[tokio::test]
async fn hooks_see_every_attempt_and_every_renewal() {
    let (server, url) = Server::start().await;
    let notes = Notes::default();
    let session = builder(&url).hooks(notes.clone()).build().unwrap();
    server
        .answer_exchange(answer("503 Busy", "", ""))
        .answer_call(answer("503 Busy", "", ""))
        .answer_call(answer("401 No", "", ""))
        .answer_call(crate::support::Act::ResetAfter(String::new()));
    call(&session, Method::GET).await.unwrap();
    let expected = [
        "list_tests 1",
        "not renewed: Server",
        "list_tests 2",
        "renewed: first use",
        "2 Some(503) None true",
        "list_tests 3",
        "3 Some(401) None true",
        "rejected: 3",
        "list_tests 4",
        "renewed: refused",
        "4 None Some(Connection) false",
        "list_tests 5",
        "5 Some(200) None true",
    ];
    assert_eq!(notes.all(), expected);
    let sent: Vec<_> = server.seen();
    let last = sent.last().unwrap();
    assert!(last.contains("x-attempt: 5"), "{last}");
}

#[tokio::test]
async fn latencies_count_attempts_and_exchanges() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    assert_eq!(session.token_expires(), None);
    server.answer_call(answer("503 Busy", "", ""));
    call(&session, Method::GET).await.unwrap();
    let latencies = session.latencies();
    assert_eq!(latencies.attempts.count(), 2);
    assert_eq!(latencies.exchanges.count(), 1);
    let attempts = &latencies.attempts;
    assert!(attempts.quantile(1.0) == attempts.longest() && attempts.longest() <= attempts.total());
    assert!(session.token_expires() > Some(SystemTime::now()));
    session.forget_token();
    assert_eq!(session.token_expires(), None);
}

#[tokio::test]
async fn a_write_with_an_idempotency_key_is_sent_again_with_the_same_key() {
    let (server, url) = Server::start().await;
    let mut policy = quick();
    policy.idempotency_keys = true;
    let session = builder(&url).retry(policy).build().unwrap();
    let busy = || answer("503 Busy", "", "");
    server.answer_call(busy()).answer_call(busy());
    assert_eq!(call(&session, Method::POST).await.unwrap(), 200);
    assert_eq!(call(&session, Method::POST).await.unwrap(), 200);
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    let key = |head: &String| {
        let line = head
            .lines()
            .find_map(|line| line.strip_prefix("idempotency-key: "));
        line.map(str::to_owned)
    };
    let calls = server.seen();
    let calls = calls.iter().filter(|head| !head.contains("/auth/token"));
    let keys: Vec<_> = calls.map(key).collect();
    assert_eq!(keys.len(), 5);
    let first = keys[0].clone().unwrap();
    assert_eq!(first.len(), 36);
    assert_eq!(&first[14..15], "4");
    assert!(
        keys[..3].iter().all(|key| key.as_ref() == Some(&first)),
        "{keys:?}"
    );
    assert!(
        keys[3].is_some() && keys[3].as_ref() != Some(&first),
        "{keys:?}"
    );
    assert_eq!(keys[4], None);
}

#[tokio::test]
async fn a_key_of_the_caller_makes_a_write_repeatable_and_stays() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    server.answer_call(answer("503 Busy", "", ""));
    let mut request = get(&url, "/x");
    *request.method_mut() = Method::POST;
    let key = "order-7".parse().unwrap();
    request.headers_mut().insert("Idempotency-Key", key);
    let response = session.execute(request, "create_x").await.unwrap();
    assert_eq!(response.status(), 200);
    let with_key = |head: &&String| head.contains("idempotency-key: order-7");
    assert_eq!(server.seen().iter().filter(with_key).count(), 2);
}

#[tokio::test]
async fn settings_of_the_client_are_those_of_the_caller() {
    let server = Handler::start(|_| ok("{}")).await;
    let port = server.url.rsplit(':').next().unwrap().to_owned();
    let called = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&called);
    // A name that only this resolver knows, on the loopback.
    let session = builder(&format!("http://api.localhost:{port}"))
        .configure_http(move |client| {
            counted.fetch_add(1, Ordering::SeqCst);
            client
                .resolve("api.localhost", ([127, 0, 0, 1], 0).into())
                .pool_max_idle_per_host(0)
                .tcp_keepalive(Duration::from_secs(5))
        })
        .build()
        .unwrap();
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert_eq!(called.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_client_of_the_caller_sends_the_calls() {
    let (server, url) = Server::start().await;
    let own = |agent: &str| {
        let client = reqwest::Client::builder()
            .user_agent(agent)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        client.build().unwrap()
    };
    // The session puts its TLS provider in place before the first client is built.
    let _ = session(&url);
    let session = builder(&url)
        .http_client(own("calls/1"))
        .exchange_http_client(own("exchanges/1"))
        .build()
        .unwrap();
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    for head in server.seen() {
        let agent = if head.contains("/auth/token") {
            "user-agent: exchanges/1"
        } else {
            "user-agent: calls/1"
        };
        assert!(head.contains(agent), "{head}");
    }
}

#[tokio::test]
async fn a_conflict_and_a_failed_condition_have_kinds_of_their_own() {
    let (server, url) = Server::start().await;
    let session: Session = builder(&url).retry(RetryPolicy::never()).build().unwrap();
    for (status, kind) in [
        ("409 Conflict", ErrorKind::Conflict),
        ("412 Precondition Failed", ErrorKind::PreconditionFailed),
    ] {
        server.answer_call(answer(status, "", ""));
        let response = session.execute(get(&url, "/x"), "get_x").await.unwrap();
        let response = sixclicks_core::Response::new(response, "get_x", false);
        assert_eq!(response.unexpected::<()>().await.kind(), kind);
    }
}
