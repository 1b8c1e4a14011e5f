//! When a request is sent again, and after how long.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, Method, StatusCode,
    header::{DATE, HeaderName, RETRY_AFTER},
};

use crate::{attempt::Failure, handshake, random};

/// How often and how long a request is tried. The defaults are safe for writes: only
/// methods that can be repeated are, but for connections that could not be made.
///
/// ```
/// use std::time::Duration;
/// use sixclicks_auth::RetryPolicy;
///
/// let mut policy = RetryPolicy::default();
/// policy.deadline = Duration::from_secs(10);
/// policy.unsafe_methods = true;
/// assert_eq!(policy.attempts, 6);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How many times a request is sent at most.
    pub attempts: u32,
    /// The longest first pause; it doubles with every attempt.
    pub base: Duration,
    /// The longest pause. A call is not retried when the server asks for a longer one with
    /// `Retry-After`; the error then says how long that is.
    pub longest: Duration,
    /// How long a call may take in all: exchange, retries, pauses, and the response's body.
    /// `Duration::MAX` means no limit.
    pub deadline: Duration,
    /// Whether `POST` and `PATCH` are repeated as well, although the first may have worked.
    pub unsafe_methods: bool,
    /// Whether `POST` and `PATCH` carry a random `Idempotency-Key`, the same in all attempts of a call,
    /// and are repeated. Only for servers that recognize the key: others carry the request out again.
    pub idempotency_keys: bool,
    /// Whether a 429, or a 503 with `Retry-After`, delays the session's later calls to its host and
    /// lowers their rate.
    pub adaptive: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 6,
            base: Duration::from_millis(250),
            longest: Duration::from_secs(20),
            deadline: Duration::from_secs(120),
            unsafe_methods: false,
            idempotency_keys: false,
            adaptive: true,
        }
    }
}

impl RetryPolicy {
    /// No retries at all.
    pub fn never() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// Whether an answer is worth another attempt. A 500 never is: ABP answers with it
    /// what a user did wrong.
    pub(crate) fn retries_status(&self, repeatable: bool, status: StatusCode) -> bool {
        let passing = matches!(status.as_u16(), 429 | 502..=504);
        passing && (self.unsafe_methods || repeatable)
    }

    /// Whether a failed attempt is worth another one: always where nothing was sent.
    pub(crate) fn retries_failure(&self, repeatable: bool, failure: &Failure) -> bool {
        let repeatable = self.unsafe_methods || repeatable;
        match failure {
            Failure::Late(_) => repeatable,
            Failure::Http(error) if error.is_builder() || error.is_redirect() => false,
            Failure::Http(error) if handshake::failed(error) => false,
            Failure::Http(error) => error.is_connect() || repeatable,
        }
    }

    /// The pause before the next attempt: a random share of a limit that doubles with every
    /// attempt, added to what the server asks for. None when the server asks for too much.
    pub(crate) fn pause(
        &self,
        attempt: u32,
        headers: Option<&HeaderMap>,
        now: SystemTime,
    ) -> Option<Duration> {
        let asked = headers.and_then(|headers| asked(headers, now));
        let asked = asked.unwrap_or_default();
        if asked > self.longest {
            return None;
        }
        let ceiling = self
            .base
            .saturating_mul(1 << attempt.min(16))
            .min(self.longest);
        asked.checked_add(ceiling.mul_f64(random::fraction()))
    }
}

/// Whether a request can be carried out twice without harm, by its method.
pub(crate) fn is_repeatable(method: &Method) -> bool {
    matches!(
        method.as_str(),
        "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "TRACE" | "QUERY"
    )
}

/// How long the server asks to wait: in seconds, or until a date, which is measured by the
/// server's own clock when it tells that.
pub(crate) fn asked(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    let value = text(RETRY_AFTER)?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let there = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    Some(
        until
            .duration_since(there.unwrap_or(now))
            .unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_500_is_never_repeated_and_a_write_only_when_asked() {
        let policy = RetryPolicy::default();
        assert!(!policy.retries_status(true, StatusCode::INTERNAL_SERVER_ERROR));
        assert!(policy.retries_status(true, StatusCode::SERVICE_UNAVAILABLE));
        assert!(!policy.retries_status(
            is_repeatable(&Method::POST),
            StatusCode::SERVICE_UNAVAILABLE
        ));
    }

    #[test]
    fn the_server_says_how_long_to_wait_in_seconds_or_as_a_date() {
        let policy = RetryPolicy::default();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let mut headers = HeaderMap::new();
        let seconds = |headers: &HeaderMap| {
            let pause = policy.pause(0, Some(headers), now)?;
            // The jitter of the first attempt is at most the base.
            assert!(pause < Duration::from_secs(pause.as_secs()) + policy.base);
            Some(pause.as_secs())
        };
        headers.insert(RETRY_AFTER, "7".parse().unwrap());
        assert_eq!(seconds(&headers), Some(7));
        let date = httpdate::fmt_http_date(now + Duration::from_secs(9));
        headers.insert(RETRY_AFTER, date.parse().unwrap());
        assert_eq!(seconds(&headers), Some(9));
        let slow = httpdate::fmt_http_date(now + Duration::from_secs(5));
        headers.insert(DATE, slow.parse().unwrap());
        assert_eq!(seconds(&headers), Some(4));
        for past in ["0", "Mon, 01 Jan 1990 00:00:00 GMT"] {
            headers.insert(RETRY_AFTER, past.parse().unwrap());
            assert_eq!(seconds(&headers), Some(0));
        }
        for long in [
            "21",
            "999999",
            "9223372036854775807",
            "18446744073709551615",
        ] {
            headers.insert(RETRY_AFTER, long.parse().unwrap());
            assert_eq!(seconds(&headers), None);
        }
    }

    #[test]
    fn settings_without_a_limit_do_not_overflow() {
        let mut policy = RetryPolicy::default();
        (policy.base, policy.longest) = (Duration::MAX, Duration::MAX);
        let now = SystemTime::UNIX_EPOCH;
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, "18446744073709551615".parse().unwrap());
        let _ = policy.pause(u32::MAX, Some(&headers), now);
        assert!(policy.pause(0, None, now).is_some());
    }
}
