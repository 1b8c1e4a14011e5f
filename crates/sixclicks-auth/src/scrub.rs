//! A server may repeat what it was sent, and what it says ends in errors and logs. So the
//! secret that was sent is taken out of an answer that says that something is wrong.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use reqwest::{Response, ResponseBuilderExt};

/// How much of an error's body is kept, in bytes.
const LARGEST: usize = 1 << 20;

const GONE: &[u8] = "…".as_bytes();

/// The same text without the secret.
pub fn text(text: &[u8], secret: &str) -> Vec<u8> {
    let mut clean = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = (!secret.is_empty())
        .then(|| memchr::memmem::find(rest, secret.as_bytes()))
        .flatten()
    {
        clean.extend_from_slice(&rest[..at]);
        clean.extend_from_slice(GONE);
        rest = &rest[at + secret.len()..];
    }
    clean.extend_from_slice(rest);
    clean
}

/// The same headers without those that hold the secret.
pub fn headers(headers: &mut HeaderMap, secret: &str) {
    let told = |value: &HeaderValue| {
        !secret.is_empty() && memchr::memmem::find(value.as_bytes(), secret.as_bytes()).is_some()
    };
    for value in headers.values_mut() {
        if told(value) {
            *value = HeaderValue::from_static("(removed)");
        }
    }
}

/// The same answer without the secret. Of a body without end, or one that breaks off, as
/// much is kept as an error needs.
pub async fn answer(mut response: Response, secret: &str) -> Response {
    let url = response.url().clone();
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = LARGEST - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == LARGEST {
            break;
        }
    }
    let clean = Bytes::from(text(&body, secret));
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
    headers(fresh.headers_mut(), secret);
    fresh.into()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_secret_is_taken_out_wherever_it_stands() {
        assert_eq!(text(b"key key", "key"), "… …".as_bytes());
        assert_eq!(text(b"no word", "key"), b"no word");
        assert_eq!(text(b"all of it", ""), b"all of it");
        assert_eq!(text(b"\xff key", "key"), b"\xff \xe2\x80\xa6");
    }
}
