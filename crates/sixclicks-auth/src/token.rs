//! Access tokens: the JWT that a key is exchanged for, and when it ends.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use zeroize::Zeroizing;

/// How long a token lives that does not say so, unless told otherwise. The provider's
/// default is 24 hours; an hour of it is left as a margin.
pub(crate) const ASSUMED_LIFE: Duration = Duration::from_secs(23 * 3_600);

/// The longest life that a token is assumed to have: a clock cannot count further than this for sure.
pub(crate) const LONGEST_LIFE: Duration = Duration::from_secs(100 * 365 * 24 * 3_600);

/// An access token. Its text is never shown.
#[derive(Clone)]
pub struct AccessToken {
    text: Zeroizing<String>,
    /// By the provider's clock.
    expires: SystemTime,
    issued: SystemTime,
}

impl AccessToken {
    /// A token that was had at a time. Its end is read from the JWT's `exp`; the signature
    /// is the provider's business.
    pub fn new(text: impl Into<String>, now: SystemTime) -> Self {
        Self::lasting(text, now, ASSUMED_LIFE)
    }

    /// A token that was had at a time, and lives this long when it does not say so itself.
    pub fn lasting(text: impl Into<String>, now: SystemTime, life: Duration) -> Self {
        let text = Zeroizing::new(text.into());
        let claims = claims(&text);
        let time = |name: &str| {
            let seconds = claims
                .as_ref()?
                .get(name)?
                .as_f64()
                .filter(|s| *s >= 0.0 && *s < 1.0e11)?;
            UNIX_EPOCH.checked_add(Duration::from_secs_f64(seconds))
        };
        let issued = time("iat").or_else(|| time("nbf")).unwrap_or(now);
        let expires = time("exp")
            .or_else(|| now.checked_add(life.min(LONGEST_LIFE)))
            .unwrap_or(now);
        Self {
            text,
            expires,
            issued,
        }
    }

    /// The token itself, to send it by other means than a [`Session`](crate::Session).
    /// Whoever has it can act as the key's user until it ends.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// When it ends, by the provider's clock.
    pub fn expires(&self) -> SystemTime {
        self.expires
    }

    /// How long it lives in all.
    pub(crate) fn life(&self) -> Duration {
        self.expires.duration_since(self.issued).unwrap_or_default()
    }

    /// The token as a header.
    pub(crate) fn header(&self) -> Option<http::HeaderValue> {
        secret_header(&["Bearer ", &self.text])
    }
}

/// A header that is not logged, and whose text is wiped with its last copy.
pub(crate) fn secret_header(parts: &[&str]) -> Option<http::HeaderValue> {
    let text = Zeroizing::new(parts.concat().into_bytes());
    let mut value = http::HeaderValue::from_maybe_shared(bytes::Bytes::from_owner(text)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessToken")
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// The claims of a JWT, if it is one.
fn claims(text: &str) -> Option<Value> {
    let payload = text.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_read_from_the_jwt_or_assumed() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000);
        let payload = URL_SAFE_NO_PAD.encode(r#"{"iat":1000,"exp":4600}"#);
        let token = AccessToken::new(format!("a.{payload}.c"), now);
        assert_eq!(token.life(), Duration::from_secs(3_600));
        assert_eq!(AccessToken::new("opaque", now).life(), ASSUMED_LIFE);
        for strange in [
            r#"{"exp":-1}"#,
            r#"{"exp":1e300}"#,
            r#"{"exp":"soon"}"#,
            "[]",
        ] {
            let text = format!("a.{}.c", URL_SAFE_NO_PAD.encode(strange));
            assert_eq!(AccessToken::new(text, now).expires(), now + ASSUMED_LIFE);
        }
    }

    #[test]
    fn a_token_is_never_shown() {
        let token = AccessToken::new("very-secret", UNIX_EPOCH);
        assert!(!format!("{token:?}").contains("very-secret"));
    }
}
