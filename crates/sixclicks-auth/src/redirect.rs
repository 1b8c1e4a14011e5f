//! Redirects to other hosts. Within the host they are the HTTP client's; a redirect to another host is
//! followed only for a request that can give nothing away: a GET or HEAD without a body, which is sent
//! again without the headers of the original.

use http::{HeaderName, Method, header};
use reqwest::{Request, Response};
use url::Url;

use crate::host;

/// How many redirects are followed.
pub const LIMIT: usize = 10;

/// The headers that go along to another host. None of them holds a credential or a value of the call.
const KEPT: [HeaderName; 3] = [header::ACCEPT, header::RANGE, header::IF_RANGE];

/// A request that can be sent to another host: what is needed to send it again.
pub struct Plain {
    method: Method,
    headers: http::HeaderMap,
}

impl Plain {
    /// The plain part of a request; none for a request that is not sent to another host.
    pub fn of(request: &Request) -> Option<Self> {
        let method = request.method();
        if request.body().is_some() || !(method == Method::GET || method == Method::HEAD) {
            return None;
        }
        let kept = |name: &HeaderName| Some((name.clone(), request.headers().get(name)?.clone()));
        Some(Self {
            method: method.clone(),
            headers: KEPT
                .iter()
                .filter_map(kept)
                .map(|(n, v)| (n.clone(), v))
                .collect(),
        })
    }

    /// The request for the place that a response points to, if it may be followed there.
    pub fn follow(&self, response: &Response, base: &Url) -> Option<Request> {
        if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
        let target = response.url().join(location).ok()?;
        let is_safe = match target.scheme() {
            "https" => true,
            // Only who talks to this machine without TLS anyway is led to a server on it.
            "http" => host::is_loopback(&target) && base.scheme() == "http",
            _ => false,
        };
        if !is_safe || host::same(&target, response.url()) {
            return None;
        }
        let mut request = Request::new(self.method.clone(), target);
        *request.headers_mut() = self.headers.clone();
        Some(request)
    }
}
