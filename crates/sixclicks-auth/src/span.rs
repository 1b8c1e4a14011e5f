//! The span of an attempt, with OpenTelemetry's names for HTTP clients.

use http::StatusCode;
use reqwest::Request;
use sixclicks_core::path_template;
use tracing::{Span, field::Empty};
use url::Url;

/// Begins the span of an attempt. The query is left out, because it may contain secrets.
pub fn of(request: &Request, operation: &str, resent: u32) -> Span {
    let (method, url) = (request.method().as_str(), request.url());
    let span = tracing::info_span!(
        "http request",
        "otel.name" = Empty,
        "otel.kind" = "client",
        "otel.status_code" = Empty,
        "http.request.method" = method,
        "http.request.resend_count" = Empty,
        "http.response.status_code" = Empty,
        "network.protocol.version" = Empty,
        "server.address" = url.host_str(),
        "server.port" = url.port_or_known_default(),
        "url.full" = Empty,
        "url.path" = url.path(),
        "url.scheme" = url.scheme(),
        "url.template" = Empty,
        "error.type" = Empty,
        "sixclicks.operation" = operation,
    );
    if span.is_disabled() {
        return span;
    }
    span.record("url.full", without_query(url).as_str());
    match path_template() {
        Some(template) => {
            span.record("otel.name", format!("{method} {template}"));
            span.record("url.template", template);
        }
        None => {
            span.record("otel.name", method);
        }
    }
    if resent > 0 {
        span.record("http.request.resend_count", resent);
    }
    span
}

/// A URL without what may be secret in it.
pub fn without_query(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Neither fails for a URL with a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// Records the response.
pub fn answered(span: &Span, status: StatusCode, version: http::Version) {
    if span.is_disabled() {
        return;
    }
    span.record("http.response.status_code", status.as_u16());
    let version = match version {
        http::Version::HTTP_2 => "2",
        http::Version::HTTP_3 => "3",
        http::Version::HTTP_10 => "1.0",
        _ => "1.1",
    };
    span.record("network.protocol.version", version);
    if !(status.is_success() || status.is_redirection()) {
        failed(span, status.as_str());
    }
}

/// Records why an attempt ended without a usable response.
pub fn failed(span: &Span, why: &str) {
    span.record("error.type", why);
    span.record("otel.status_code", "ERROR");
}
