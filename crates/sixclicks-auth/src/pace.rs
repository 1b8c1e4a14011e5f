//! How fast a session sends to a host that limits the rate. After a 429, or a 503 with `Retry-After`,
//! all calls wait until the time that the server names; then they are sent at a rate that falls with
//! every refusal and grows again along the cubic curve of TCP CUBIC (RFC 9438).

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::random;

/// The factor by which a refusal lowers the rate.
const DECREASE: f64 = 0.7;

/// How steeply the rate grows, in calls per second cubed.
const GROWTH: f64 = 0.4;

/// The lowest rate, in calls per second.
const LOWEST: f64 = 0.5;

/// How much of the measured rate the newest window contributes, and how long a window is.
const SMOOTHING: f64 = 0.8;
const WINDOW: f64 = 0.5;

/// The largest random addition to a pause that the server asks for.
const JITTER: Duration = Duration::from_millis(500);

/// The pace of the calls of one session. Until the first refusal it costs one atomic read a call.
#[derive(Debug)]
pub struct Pace {
    limits: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    began: Instant,
    paused_until: Option<Instant>,
    /// Calls per second, and how many may be sent now; negative when calls wait already.
    rate: f64,
    available: f64,
    filled: f64,
    /// The rate at the last refusal, and when that was, in seconds since the beginning.
    refused_rate: f64,
    refused_at: f64,
    /// The measured rate, and what was counted in the current window.
    measured: f64,
    window: f64,
    counted: u32,
}

impl Pace {
    pub fn new() -> Self {
        Self {
            limits: AtomicBool::new(false),
            state: Mutex::new(State {
                began: Instant::now(),
                paused_until: None,
                rate: 0.0,
                available: 0.0,
                filled: 0.0,
                refused_rate: 0.0,
                refused_at: 0.0,
                measured: 0.0,
                window: 0.0,
                counted: 0,
            }),
        }
    }

    /// How long a call has to wait before it is sent; none when it need not wait.
    pub fn wait(&self) -> Option<Duration> {
        if !self.limits.load(Ordering::Relaxed) {
            return None;
        }
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let paused = state
            .paused_until
            .and_then(|until| until.checked_duration_since(now));
        let turn = state.turn(now);
        let wait = paused.unwrap_or_default().max(turn);
        (!wait.is_zero()).then_some(wait)
    }

    /// Notes a response that does not refuse the call.
    pub fn accepted(&self) {
        if self.limits.load(Ordering::Relaxed) {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.accepted(Instant::now());
        }
    }

    /// Notes a refusal, and for how long the server asks to wait.
    pub fn refused(&self, asked: Option<Duration>) {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let limits = self.limits.swap(true, Ordering::Relaxed);
        state.refused(now, limits);
        // A pause that a clock cannot express is left to the caller, who gives up.
        let until = asked.and_then(|asked| now.checked_add(asked));
        if let Some(until) = until.filter(|until| state.paused_until.is_none_or(|old| *until > old))
        {
            state.paused_until = Some(until + JITTER.mul_f64(random::fraction()));
        }
    }
}

impl State {
    fn seconds(&self, now: Instant) -> f64 {
        now.saturating_duration_since(self.began).as_secs_f64()
    }

    /// Takes a place in the queue, and returns how long it is until it comes up.
    fn turn(&mut self, now: Instant) -> Duration {
        self.fill(self.seconds(now));
        self.available -= 1.0;
        if self.available >= 0.0 || self.rate <= 0.0 {
            return Duration::ZERO;
        }
        Duration::from_secs_f64((-self.available / self.rate).min(3_600.0))
    }

    /// Adds the calls that may be sent since the last time, at most those of one second.
    fn fill(&mut self, now: f64) {
        let more = (now - self.filled) * self.rate;
        self.available = (self.available + more).min(self.rate.max(1.0));
        self.filled = now;
    }

    fn measure(&mut self, now: f64) {
        self.counted += 1;
        let window = (now / WINDOW).floor() * WINDOW;
        if window > self.window {
            let current = f64::from(self.counted) / (window - self.window).max(WINDOW);
            self.measured = current * SMOOTHING + self.measured * (1.0 - SMOOTHING);
            self.counted = 0;
            self.window = window;
        }
    }

    fn accepted(&mut self, now: Instant) {
        let now = self.seconds(now);
        self.measure(now);
        let back = (self.refused_rate * (1.0 - DECREASE) / GROWTH).cbrt();
        let grown = GROWTH * (now - self.refused_at - back).powi(3) + self.refused_rate;
        self.set(grown, now);
    }

    fn refused(&mut self, now: Instant, limits: bool) {
        let now = self.seconds(now);
        self.measure(now);
        // Calls that were sent together are refused together: they lower the rate once.
        if limits && now - self.refused_at < WINDOW {
            return;
        }
        let rate = if limits {
            self.rate.min(self.measured.max(LOWEST))
        } else {
            self.measured.max(f64::from(self.counted) / WINDOW)
        };
        self.refused_rate = rate;
        self.refused_at = now;
        self.available = self.available.min(0.0);
        self.filled = now;
        self.set(rate * DECREASE, now);
    }

    fn set(&mut self, rate: f64, now: f64) {
        let highest = (2.0 * self.measured).max(LOWEST);
        self.fill(now);
        self.rate = rate.clamp(LOWEST, highest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_holds_for_all_and_a_huge_one_is_no_panic() {
        let pace = Pace::new();
        assert_eq!(pace.wait(), None);
        pace.refused(Some(Duration::from_secs(10)));
        assert!(pace.wait() > Some(Duration::from_secs(9)));
        pace.refused(Some(Duration::MAX));
        assert!(pace.wait() < Some(Duration::from_secs(3_601)));
    }

    /// A server that allows 50 calls a second, in simulated time.
    #[test]
    fn the_rate_settles_below_what_the_server_allows() {
        let pace = Pace::new();
        let mut state = pace.state.into_inner().unwrap();
        let (began, mut limits) = (state.began, false);
        let (mut second, mut served) = (0, 0);
        let (mut refused, mut sent) = (0, 0);
        for millisecond in 0..40_000_u64 {
            let now = began + Duration::from_millis(millisecond);
            if millisecond / 1_000 != second {
                (second, served) = (millisecond / 1_000, 0);
            }
            // One call a millisecond wants to be sent.
            if limits {
                state.fill(state.seconds(now));
                if state.available < 1.0 {
                    continue;
                }
                state.available -= 1.0;
            }
            sent += u32::from(millisecond >= 2_000);
            served += 1;
            if served <= 50 {
                if limits {
                    state.accepted(now);
                } else {
                    state.measure(state.seconds(now));
                }
            } else {
                refused += u32::from(millisecond >= 2_000);
                state.refused(now, std::mem::replace(&mut limits, true));
            }
        }
        assert!(sent > 38 * 25, "{sent} calls");
        assert!(refused * 20 <= sent, "{refused} of {sent} refused");
    }
}
