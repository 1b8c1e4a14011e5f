//! When a request is sent again, and after how long.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, Method, StatusCode,
    header::{DATE, HeaderName, RETRY_AFTER},
};

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
/// assert_eq!(policy.attempts, 4);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How many times a request is sent at most.
    pub attempts: u32,
    /// The longest first pause; it doubles with every attempt.
    pub base: Duration,
    /// The longest pause, whatever the server asks for.
    pub longest: Duration,
    /// How long a call may take in all: exchange, retries, pauses, and the answer's body.
    pub deadline: Duration,
    /// Whether `POST` and `PATCH` are repeated as well, although the first may have worked.
    pub unsafe_methods: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(250),
            longest: Duration::from_secs(20),
            deadline: Duration::from_secs(120),
            unsafe_methods: false,
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
    pub(crate) fn retries_status(&self, method: &Method, status: StatusCode) -> bool {
        let passing = matches!(status.as_u16(), 429 | 502..=504);
        passing && (self.unsafe_methods || is_repeatable(method))
    }

    /// Whether a failed attempt is worth another one: always where nothing was sent.
    pub(crate) fn retries_failure(&self, method: &Method, error: &reqwest::Error) -> bool {
        if error.is_builder() || error.is_redirect() {
            return false;
        }
        error.is_connect() || self.unsafe_methods || is_repeatable(method)
    }

    /// The pause before the next attempt: what the server asks for, or a random share of
    /// one that doubles.
    pub(crate) fn pause(
        &self,
        attempt: u32,
        headers: Option<&HeaderMap>,
        now: SystemTime,
    ) -> Duration {
        if let Some(asked) = headers.and_then(|headers| asked(headers, now)) {
            return asked.min(self.longest);
        }
        let ceiling = self
            .base
            .saturating_mul(1 << attempt.min(16))
            .min(self.longest);
        ceiling.mul_f64(fastrand::f64())
    }
}

fn is_repeatable(method: &Method) -> bool {
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
        assert!(!policy.retries_status(&Method::GET, StatusCode::INTERNAL_SERVER_ERROR));
        assert!(policy.retries_status(&Method::GET, StatusCode::SERVICE_UNAVAILABLE));
        assert!(!policy.retries_status(&Method::POST, StatusCode::SERVICE_UNAVAILABLE));
    }

    #[test]
    fn the_server_says_how_long_to_wait_in_seconds_or_as_a_date() {
        let policy = RetryPolicy::default();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, "7".parse().unwrap());
        assert_eq!(policy.pause(0, Some(&headers), now), Duration::from_secs(7));
        let date = httpdate::fmt_http_date(now + Duration::from_secs(9));
        headers.insert(RETRY_AFTER, date.parse().unwrap());
        assert_eq!(policy.pause(0, Some(&headers), now), Duration::from_secs(9));
        let slow = httpdate::fmt_http_date(now + Duration::from_secs(5));
        headers.insert(DATE, slow.parse().unwrap());
        assert_eq!(policy.pause(0, Some(&headers), now), Duration::from_secs(4));
        headers.insert(RETRY_AFTER, "999999".parse().unwrap());
        assert_eq!(policy.pause(0, Some(&headers), now), policy.longest);
    }
}
