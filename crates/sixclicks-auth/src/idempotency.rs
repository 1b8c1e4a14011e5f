//! `Idempotency-Key`: lets a server recognize a request that it has carried out already, so that a POST
//! or PATCH can be sent again.

use http::{HeaderName, HeaderValue, Method};
use reqwest::Request;

use crate::random;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Puts a new key on a request whose method cannot be repeated without one. A key of the caller stays.
pub fn put_key(request: &mut Request) {
    let needs = [Method::POST, Method::PATCH].contains(request.method());
    if needs
        && !is_keyed(request)
        && let Some(key) = new_key()
    {
        request.headers_mut().insert(HEADER, key);
    }
}

/// Whether a request carries a key.
pub fn is_keyed(request: &Request) -> bool {
    request.headers().contains_key(HEADER)
}

/// A random UUID (RFC 9562, version 4); none if the system has no randomness.
fn new_key() -> Option<HeaderValue> {
    let mut bytes = random::bytes::<16>()?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if [4, 6, 8, 10].contains(&index) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    HeaderValue::try_from(text).ok()
}
