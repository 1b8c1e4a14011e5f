//! Sending a request a second time, though its body is read from disk.

use std::fmt;
use std::sync::Arc;

use reqwest::Request;

use crate::body::Segment;

/// Where a streamed body can be read again; travels in the request's extensions.
#[derive(Clone)]
pub(super) struct BodySource(Arc<Vec<Segment>>);

impl BodySource {
    pub fn new(segments: Vec<Segment>) -> Self {
        Self(Arc::new(segments))
    }

    fn body(&self) -> Option<reqwest::Body> {
        let segments: Option<Vec<_>> = self.0.iter().map(Segment::again).collect();
        segments.map(Segment::in_order)
    }
}

impl fmt::Debug for BodySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BodySource({} segments)", self.0.len())
    }
}

/// Attaches where the body can be read again.
pub(super) fn attach(request: Request, source: BodySource) -> reqwest::Result<Request> {
    let mut request = http::Request::try_from(request)?;
    request.extensions_mut().insert(source);
    Request::try_from(request)
}

/// The request and a second one that sends the same, if its body can be read again.
///
/// Bodies in memory and, other than with [`Request::try_clone`], those that a
/// [`Call`](crate::Call) streams from files can; those made from streams cannot.
///
/// # Errors
/// When the URL is none that can be sent to, which sending would tell too.
pub fn replayable(request: Request) -> reqwest::Result<(Request, Option<Request>)> {
    if let Some(copy) = request.try_clone() {
        return Ok((request, Some(copy)));
    }
    let request = http::Request::try_from(request)?;
    let body = request
        .extensions()
        .get::<BodySource>()
        .and_then(BodySource::body);
    let (parts, original) = request.into_parts();
    let copy = match body {
        Some(body) => Some(Request::try_from(http::Request::from_parts(
            parts.clone(),
            body,
        ))?),
        None => None,
    };
    let request = Request::try_from(http::Request::from_parts(parts, original))?;
    Ok((request, copy))
}
