//! Requests carry the ids of their span, so that the server's spans join the trace.

#[path = "support/mod.rs"]
mod support;

use http::Method;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_sdk::trace::SdkTracerProvider;
use support::{Server, answer, call, get, session};
use tracing::Instrument;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};

fn parent(head: &str) -> Option<&str> {
    head.lines()
        .find_map(|line| line.strip_prefix("traceparent: "))
}

#[tokio::test]
async fn a_request_carries_the_ids_of_its_span() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    session.token().await.unwrap();
    // Requests carry no trace context without a subscriber.
    call(&session, Method::GET).await.unwrap();
    assert_eq!(parent(&server.seen()[1]), None);

    let provider = SdkTracerProvider::builder().build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let _guard = tracing_subscriber::registry().with(layer).set_default();
    let root = tracing::info_span!("root");
    let trace = root.context().span().span_context().trace_id().to_string();
    server.answer_call(answer("503 Busy", "", ""));
    let calls = call(&session, Method::GET).instrument(root);
    calls.await.unwrap();
    let seen = server.seen();
    let parents: Vec<_> = seen[2..].iter().map(|head| parent(head).unwrap()).collect();
    assert_eq!(parents.len(), 2);
    for parent in &parents {
        let parts: Vec<_> = parent.split('-').collect();
        assert_eq!(
            (parts.len(), parts[0], parts[1]),
            (4, "00", &*trace),
            "{parent}"
        );
        assert_eq!((parts[2].len(), parts[3]), (16, "01"), "{parent}");
    }
    // Each attempt is a span of its own.
    assert_ne!(parents[0], parents[1]);

    let mut request = get(&url, "/x");
    let own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    request
        .headers_mut()
        .insert("traceparent", own.parse().unwrap());
    session.execute(request, "get_x").await.unwrap();
    assert_eq!(parent(server.seen().last().unwrap()), Some(own));
}
