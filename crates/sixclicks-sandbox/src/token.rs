//! Tokens: JWTs signed with HS256, with the claims of the published sample.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// The secret that this sandbox signs with; it protects nothing.
const SECRET: &[u8] = b"sandbox";

/// Signs a token.
pub fn sign(id: u64, issued: SystemTime, life: Duration) -> String {
    let seconds = |time: SystemTime| {
        time.duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs()
    };
    let header = URL_SAFE_NO_PAD.encode(json!({"alg": "HS256", "typ": "JWT"}).to_string());
    let claims = json!({
        "sub": "1",
        "user_identifier": "1",
        "name": "sandbox",
        "jti": id.to_string(),
        "iat": seconds(issued),
        "nbf": seconds(issued),
        "exp": seconds(issued + life),
        "iss": "6clicks",
        "aud": "LegalRegTech",
    });
    let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
    let signed = format!("{header}.{payload}");
    let signature = URL_SAFE_NO_PAD.encode(mac(&signed).finalize().into_bytes());
    format!("{signed}.{signature}")
}

/// The id and end of a token that this sandbox signed.
pub fn verify(token: &str) -> Option<(u64, u64)> {
    let (signed, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    mac(signed).verify_slice(&signature).ok()?;
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split('.').nth(1)?).ok()?).ok()?;
    Some((
        claims["jti"].as_str()?.parse().ok()?,
        claims["exp"].as_u64()?,
    ))
}

fn mac(text: &str) -> Hmac<Sha256> {
    // HMAC takes keys of any length.
    let mut mac =
        <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET).unwrap_or_else(|_| unreachable!());
    mac.update(text.as_bytes());
    mac
}
