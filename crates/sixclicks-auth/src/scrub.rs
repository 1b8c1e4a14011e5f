//! Removes the credentials of a request from its response.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION},
};
use reqwest::{Response, ResponseBuilderExt};
use sixclicks_core::Redactor;

/// How much of an error's body is kept, in bytes.
const LARGEST: usize = 1 << 20;

/// Headers whose values are always credentials.
const CREDENTIALS: [HeaderName; 6] = [
    AUTHORIZATION,
    COOKIE,
    PROXY_AUTHORIZATION,
    HeaderName::from_static("6clicks-api-key"),
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("api-key"),
];

/// Whether the value of a header is a credential.
pub fn is_credential(name: &HeaderName, value: &HeaderValue) -> bool {
    value.is_sensitive() || CREDENTIALS.contains(name)
}

/// The credentials in the headers of a request.
pub fn credentials(headers: &HeaderMap) -> Vec<&str> {
    headers
        .iter()
        .filter(|(name, value)| is_credential(name, value))
        .filter_map(|(_, value)| value.to_str().ok())
        // The scheme of `Authorization: Bearer …` is not a part of the secret.
        .map(|text| text.split_once(' ').map_or(text, |(_, rest)| rest))
        .collect()
}

/// The same response without the credentials. At most [`LARGEST`] bytes of its body are kept, which is
/// as much as an error needs.
pub async fn response(mut response: Response, redactor: &Redactor) -> Response {
    let url = response.url().clone();
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = LARGEST - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == LARGEST {
            break;
        }
    }
    let clean = Bytes::from(redactor.bytes(&body).into_owned());
    let fresh = http::Response::builder()
        .status(response.status())
        .version(response.version())
        .url(url);
    let Ok(mut fresh) = fresh.body(clean) else {
        return response;
    };
    std::mem::swap(fresh.headers_mut(), response.headers_mut());
    std::mem::swap(fresh.extensions_mut(), response.extensions_mut());
    fresh.headers_mut().remove(http::header::CONTENT_LENGTH);
    redactor.headers(fresh.headers_mut());
    fresh.into()
}
