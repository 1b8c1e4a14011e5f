//! The token that all callers share. A valid token is had without a lock; without one,
//! exactly one exchange runs, and everybody who waits gets its result.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use arc_swap::ArcSwapOption;
use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use sixclicks_core::{Error, ErrorKind};

use crate::AccessToken;

/// The share of a token's life that is left when it is renewed, and the share that chance
/// adds, so that many processes do not renew at once.
const EARLY: f64 = 0.10;
const JITTER: f64 = 0.05;

/// How long a rejected key is not tried again.
const REJECTED: Duration = Duration::from_secs(30);

/// The pause after a failed renewal; it doubles with every failure.
const PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Tells the time, so that tests can.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// A token with the time at which it is due.
#[derive(Debug)]
pub struct Held {
    pub token: AccessToken,
    pub header: http::HeaderValue,
    renew: SystemTime,
    expires: SystemTime,
}

type Outcome = Result<Arc<Held>, Arc<Error>>;
type Running = Shared<BoxFuture<'static, Outcome>>;

/// Makes a token; called by the cache, one call at a time.
pub type Source = Arc<
    dyn Fn() -> BoxFuture<'static, Result<(AccessToken, Option<SystemTime>), Error>> + Send + Sync,
>;

/// What happened so far.
#[derive(Debug, Default)]
pub struct Counts {
    pub exchanges: AtomicU64,
    pub renewals: AtomicU64,
    pub failures: AtomicU64,
}

#[derive(Default)]
struct State {
    running: Option<Running>,
    /// No exchange before this time, and what the last one said.
    blocked: Option<(SystemTime, Option<Arc<Error>>)>,
    failures: u32,
}

/// The cache.
pub struct Cache {
    held: ArcSwapOption<Held>,
    state: Mutex<State>,
    source: Source,
    clock: Clock,
    pub counts: Counts,
}

impl Cache {
    pub fn new(source: Source, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            held: ArcSwapOption::empty(),
            state: Mutex::default(),
            source,
            clock,
            counts: Counts::default(),
        })
    }

    /// A valid token. One that is due is renewed on the way, and nobody waits for that.
    pub async fn get(self: &Arc<Self>) -> Result<Arc<Held>, Error> {
        let now = (self.clock)();
        if let Some(held) = self.held.load_full().filter(|held| now < held.expires) {
            if now >= held.renew {
                self.renew(now);
            }
            return Ok(held);
        }
        let (running, _) = self.running(now)?;
        running.await.map_err(|error| Error::clone(&error))
    }

    /// Makes a token invalid, unless it is another one by now.
    pub fn invalidate(&self, refused: &Arc<Held>) {
        let current = self.held.load_full();
        if current.is_some_and(|current| Arc::ptr_eq(&current, refused)) {
            self.held.compare_and_swap(refused, None);
        }
    }

    /// Starts a renewal, if none runs and the last failure is long enough ago.
    fn renew(self: &Arc<Self>, now: SystemTime) {
        if let Ok((_, true)) = self.running(now) {
            self.counts.renewals.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The exchange that runs, or a new one, and whether it is new.
    fn running(self: &Arc<Self>, now: SystemTime) -> Result<(Running, bool), Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = state.running.clone() {
            return Ok((running, false));
        }
        if let Some((until, error)) = &state.blocked
            && now < *until
        {
            let valid = self
                .held
                .load()
                .as_ref()
                .is_some_and(|held| now < held.expires);
            if let Some(error) = error
                .as_ref()
                .filter(|error| valid || error.kind() == ErrorKind::Credentials)
            {
                return Err(Error::clone(error));
            }
        }
        self.counts.exchanges.fetch_add(1, Ordering::Relaxed);
        let cache = Arc::clone(self);
        let work = async move { cache.exchange().await };
        // On a task of its own the exchange goes on when the caller that began it is
        // cancelled, so that whoever else waits gets its result.
        let task = tokio::spawn(work);
        let cache = Arc::clone(self);
        let running = async move {
            task.await.unwrap_or_else(|_| {
                // The task never came to say that it has ended.
                let mut state = cache.state.lock().unwrap_or_else(PoisonError::into_inner);
                state.running = None;
                Err(Arc::new(Error::credentials(
                    "token exchange",
                    "the runtime ended during the exchange",
                )))
            })
        }
        .boxed()
        .shared();
        state.running = Some(running.clone());
        Ok((running, true))
    }

    async fn exchange(self: Arc<Self>) -> Outcome {
        let result = (self.source)().await;
        let now = (self.clock)();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.running = None;
        match result.and_then(|(token, server_time)| hold(token, server_time, now)) {
            Ok(held) => {
                let held = Arc::new(held);
                self.held.store(Some(Arc::clone(&held)));
                state.blocked = None;
                state.failures = 0;
                Ok(held)
            }
            Err(error) => {
                self.counts.failures.fetch_add(1, Ordering::Relaxed);
                let pause = if error.kind() == ErrorKind::Credentials {
                    REJECTED
                } else {
                    PAUSE
                        .saturating_mul(1 << state.failures.min(6))
                        .min(LONGEST_PAUSE)
                };
                state.failures = state.failures.saturating_add(1);
                let error = Arc::new(error);
                state.blocked = Some((now + pause, Some(Arc::clone(&error))));
                Err(error)
            }
        }
    }
}

/// A token with its times by our clock. A server whose clock differs from ours says so
/// with its `Date`.
fn hold(
    token: AccessToken,
    server_time: Option<SystemTime>,
    now: SystemTime,
) -> Result<Held, Error> {
    let there = server_time.unwrap_or(now);
    let left = token.expires().duration_since(there).unwrap_or_default();
    // A token that has ended already says that a clock is wrong; a 401 will tell.
    let left = if left.is_zero() { token.life() } else { left };
    let share = EARLY + JITTER * fastrand::f64();
    let early = left.mul_f64(share);
    let header = token.header().ok_or_else(|| {
        Error::new(
            ErrorKind::UnexpectedAnswer,
            "token exchange",
            "the token cannot be sent in a header",
        )
    })?;
    Ok(Held {
        token,
        header,
        renew: now + (left - early),
        expires: now + left,
    })
}
