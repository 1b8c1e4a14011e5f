//! What can be seen of a session: spans, counters, and what it shows of itself.
//!
//! A program of its own: other tests use the same spans without a subscriber, at the same time.

#[path = "support/mod.rs"]
mod support;

use std::{
    fmt::Write,
    sync::{Arc, Mutex},
};

use http::Method;
use sixclicks_auth::Session;
use sixclicks_core::{Call, ClientHooks, ClientInfo, OperationInfo, PathStyle, QueryStyle};
use tracing::{
    Id, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Record},
    subscriber::DefaultGuard,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::support::{Act, Hands, Server, answer, builder, call, session, token};

/// Keeps the fields of every span, one text for each, in their order.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<(Id, String)>>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }
}

impl<S: Subscriber> Layer<S> for Spans {
    fn on_new_span(&self, span: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let mut line = format!("{}: ", span.metadata().name());
        span.record(&mut Line(&mut line));
        self.0.lock().unwrap().push((id.clone(), line));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut spans = self.0.lock().unwrap();
        // An id is given anew once its span has closed.
        if let Some((_, line)) = spans.iter_mut().rfind(|(span, _)| span == id) {
            values.record(&mut Line(line));
        }
    }
}

impl Spans {
    /// Watches this thread.
    fn watch() -> (Self, DefaultGuard) {
        let spans = Self::default();
        let guard = tracing_subscriber::registry()
            .with(spans.clone())
            .set_default();
        (spans, guard)
    }

    fn named(&self, name: &str) -> Vec<String> {
        let spans = self.0.lock().unwrap();
        let named = spans.iter().filter(|(_, line)| line.starts_with(name));
        named.map(|(_, line)| line.clone()).collect()
    }
}

#[track_caller]
fn assert_has(span: &str, fields: &[&str]) {
    for field in fields {
        assert!(span.contains(field), "{field} is not in {span}");
    }
}

#[tokio::test]
async fn every_attempt_has_a_span_with_opentelemetrys_names() {
    let (spans, _guard) = Spans::watch();
    let (server, url) = Server::start().await;
    let session = session(&url);
    server
        .answer_call(answer("503 Busy", "", ""))
        .answer_call(answer("401 No", "", ""))
        .answer_call(Act::ResetAfter(String::new()));
    call(&session, Method::GET).await.unwrap();

    let attempts = spans.named("http request");
    assert_eq!(attempts.len(), 4);
    let every = [
        "otel.kind=\"client\"",
        "http.request.method=\"GET\"",
        "server.address=\"127.0.0.1\"",
        "server.port=",
        "url.path=\"/controls-api/1.0/tests\"",
        "sixclicks.operation=\"list_tests\"",
    ];
    for span in &attempts {
        assert_has(span, &every);
    }
    assert!(!attempts[0].contains("resend_count"));
    assert_has(
        &attempts[0],
        &["http.response.status_code=503", "error.type=\"503\""],
    );
    assert_has(
        &attempts[1],
        &[
            "http.request.resend_count=1",
            "http.response.status_code=401",
        ],
    );
    assert_has(
        &attempts[2],
        &["http.request.resend_count=2", "error.type=\"connection\""],
    );
    assert_has(
        &attempts[3],
        &[
            "http.request.resend_count=3",
            "http.response.status_code=200",
        ],
    );
    assert!(!attempts[3].contains("error.type"));
}

/// A client as a generated crate has it.
struct Client(Session);

impl ClientInfo<Session> for Client {
    fn api_version() -> &'static str {
        "1.0"
    }

    fn baseurl(&self) -> &str {
        self.0.base_url()
    }

    fn client(&self) -> &reqwest::Client {
        self.0.http_client()
    }

    fn inner(&self) -> &Session {
        &self.0
    }
}

impl ClientHooks<Session> for Client {
    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        Ok(self.0.execute(request, info.operation_id).await.unwrap())
    }
}

#[tokio::test]
async fn the_span_of_a_call_has_the_path_template_and_no_secret_of_the_url() {
    let (spans, _guard) = Spans::watch();
    let (_, url) = Server::start().await;
    let client = Client(session(&url));
    let info = OperationInfo {
        operation_id: "get_result",
    };
    Call::new(Method::GET, client.baseurl(), "get_result")
        .path("/controls-api/1.0/tests/")
        .path_param("testKey", PathStyle::Simple, false, "T {1}")
        .path("/results/")
        .path_param("id", PathStyle::Simple, false, &7)
        .query("password", QueryStyle::Form, true, Some("hush"))
        .send::<(), _, _>(&client, &info)
        .await
        .unwrap();
    let span = spans.named("http request").pop().unwrap();
    let path = "/controls-api/1.0/tests/T%20%7B1%7D/results/7";
    assert_has(
        &span,
        &[
            "url.template=\"/controls-api/1.0/tests/{testKey}/results/{id}\"",
            "otel.name=\"GET /controls-api/1.0/tests/{testKey}/results/{id}\"",
            &format!("url.full=\"{url}{path}\""),
            &format!("url.path=\"{path}\""),
            "url.scheme=\"http\"",
            "network.protocol.version=\"1.1\"",
        ],
    );
    assert!(!span.contains("hush"), "{span}");
}

#[tokio::test]
async fn the_span_of_an_exchange_says_why_it_was_made() {
    let (spans, _guard) = Spans::watch();
    let (server, url) = Server::start().await;
    let session = session(&url);
    server
        .answer_exchange(answer("503 Busy", "", ""))
        .answer_call(answer("401 No", "", ""));
    call(&session, Method::GET).await.unwrap();
    let exchanges = spans.named("token exchange");
    assert_eq!(exchanges.len(), 3);
    assert_has(
        &exchanges[0],
        &[
            "sixclicks.renewal.reason=\"first use\"",
            "error.type=Server",
        ],
    );
    assert_has(
        &exchanges[1],
        &["first use", "http.response.status_code=200"],
    );
    assert_has(&exchanges[2], &["sixclicks.renewal.reason=\"refused\""]);
}

#[tokio::test]
async fn the_span_of_a_renewal_says_whether_the_old_token_still_served() {
    let (spans, _guard) = Spans::watch();
    let (server, url) = Server::start().await;
    let clock = Hands::new();
    let session = clock.put_on(builder(&url)).build().unwrap();
    for (hours, reason) in [(0.0, "first use"), (22.0, "due"), (48.0, "ended")] {
        clock.turn(hours);
        server.answer_exchange(token(reason));
        while session.token().await.unwrap().expose() != reason {
            tokio::task::yield_now().await;
        }
        let last = spans.named("token exchange").pop().unwrap();
        assert_has(&last, &[&format!("sixclicks.renewal.reason={reason:?}")]);
    }
}

#[tokio::test]
async fn counters_tell_what_was_done() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    server
        .answer_exchange(answer("503 Busy", "", ""))
        .answer_call(answer("503 Busy", "", ""))
        .answer_call(answer("401 No", "", ""));
    call(&session, Method::GET).await.unwrap();
    let counters = session.counters();
    assert_eq!((counters.exchanges, counters.failures), (3, 1));
    assert_eq!((counters.retries, counters.replays), (2, 1));
    assert_eq!(counters.renewals, 0);
}
