//! W3C trace context: requests carry the ids of their span, so that the server's spans join the trace.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::trace::TraceContextExt;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const PARENT: HeaderName = HeaderName::from_static("traceparent");
const STATE: HeaderName = HeaderName::from_static("tracestate");

/// Puts the ids of a span on a request, if the application's subscriber has a layer of
/// `tracing-opentelemetry`. Headers that the caller has set stay.
pub fn put(span: &Span, headers: &mut HeaderMap) {
    if span.is_disabled() || headers.contains_key(PARENT) {
        return;
    }
    let context = span.context();
    let span = context.span();
    let ids = span.span_context();
    if !ids.is_valid() {
        return;
    }
    let (trace, id, flags) = (ids.trace_id(), ids.span_id(), ids.trace_flags().to_u8());
    if let Ok(parent) = HeaderValue::try_from(format!("00-{trace}-{id}-{flags:02x}")) {
        headers.insert(PARENT, parent);
    }
    let state = ids.trace_state().header();
    if !state.is_empty()
        && let Ok(state) = HeaderValue::try_from(state)
    {
        headers.insert(STATE, state);
    }
}
