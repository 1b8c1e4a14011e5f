//! What all callers share and what is replaced in time. A value that serves is had without
//! waiting for a lock; without one, exactly one caller is told to fetch, and all others wait
//! for what it gets.
//!
//! Nothing here runs, sleeps or asks for the time: [`Cache::next`] says what a caller has to
//! do, so that every order in which callers can come is checked in `tests/interleavings.rs`.

use std::{
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use arc_swap::ArcSwapOption;
use futures_util::{FutureExt, future::Shared};
use tokio::sync::oneshot;

use crate::sync::Mutex;

/// The pause after a failed fetch; it doubles with every failure.
const PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// How long a value that replaced a refused one, and was refused as well, stands: the fault
/// is not the value's then, and another would not help.
const STUBBORN: Duration = Duration::from_secs(30);

/// A value with its times.
#[derive(Debug)]
pub struct Lease<T> {
    pub value: T,
    pub times: Times,
    accepted: AtomicBool,
    after_refusal: bool,
}

/// When a value was had, is due, and ends, by our clock.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub obtained: SystemTime,
    pub due: SystemTime,
    pub ends: SystemTime,
}

impl<T> Lease<T> {
    /// Notes that the value was taken.
    pub fn accept(&self) {
        if !self.accepted.load(Ordering::Relaxed) {
            self.accepted.store(true, Ordering::Relaxed);
        }
    }
}

/// Why a value is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    First,
    Due,
    Ended,
    Refused,
}

/// What a caller has to do.
pub enum Next<T, E: Clone> {
    /// Nothing.
    Use(Arc<Lease<T>>),
    /// Use this one, and have a new one fetched without waiting for it.
    Renew(Arc<Lease<T>>, Ticket<T, E>),
    /// Have one fetched, and wait for it.
    Fetch(Ticket<T, E>),
    /// Wait for what somebody else fetches.
    Wait(Flight<T, E>),
    /// Give up: fetching has failed in a way that lasts.
    Blocked(E),
}

/// How a fetch failed.
pub struct Failed<E> {
    pub error: E,
    /// How long nobody tries again, even without a value that serves.
    pub lasts: Option<Duration>,
}

pub type Outcome<T, E> = Result<Arc<Lease<T>>, E>;

/// A fetch that runs. It resolves to nothing when it was given up.
pub type Flight<T, E> = Shared<oneshot::Receiver<Outcome<T, E>>>;

/// The right to fetch. Dropping it gives the fetch up, and one of those who wait gets the
/// right in its place.
pub struct Ticket<T, E: Clone> {
    cache: Arc<Cache<T, E>>,
    id: u64,
    sender: Option<oneshot::Sender<Outcome<T, E>>>,
    pub flight: Flight<T, E>,
    pub reason: Reason,
    /// What the new value replaces.
    pub previous: Option<Arc<Lease<T>>>,
}

struct Running<T, E> {
    id: u64,
    began: Instant,
    flight: Flight<T, E>,
}

struct Block<E> {
    since: SystemTime,
    /// How long nothing is fetched while a value serves.
    pause: Duration,
    /// How long nothing is fetched even without one, and what is said instead.
    lasting: Option<(Duration, E)>,
}

impl<E> Block<E> {
    /// A clock that was set back ends it as well.
    fn holds(&self, length: Duration, now: SystemTime) -> bool {
        now.duration_since(self.since)
            .is_ok_and(|passed| passed < length)
    }
}

struct State<T, E> {
    running: Option<Running<T, E>>,
    tickets: u64,
    block: Option<Block<E>>,
    failures: u32,
    refused: Option<Arc<Lease<T>>>,
}

/// The cache.
pub struct Cache<T, E> {
    current: ArcSwapOption<Lease<T>>,
    state: Mutex<State<T, E>>,
    /// How long a fetch may run; one that takes longer is lost with the runtime it was on.
    patience: Duration,
}

impl<T, E: Clone> Cache<T, E> {
    pub fn new(patience: Duration) -> Arc<Self> {
        Arc::new(Self {
            current: ArcSwapOption::empty(),
            state: Mutex::new(State {
                running: None,
                tickets: 0,
                block: None,
                failures: 0,
                refused: None,
            }),
            patience,
        })
    }

    /// What a caller has to do at a time.
    pub fn next(self: &Arc<Self>, now: SystemTime) -> Next<T, E> {
        let serving = self.serving(now);
        let state = match serving {
            Some(lease) if now < lease.times.due => return Next::Use(lease),
            // Whoever has a value does not wait, not even for a lock.
            Some(lease) => match self.state.try_lock() {
                Ok(state) => state,
                Err(_) => return Next::Use(lease),
            },
            None => self.state.lock().unwrap_or_else(PoisonError::into_inner),
        };
        self.decide(state, now)
    }

    fn decide(
        self: &Arc<Self>,
        mut state: impl std::ops::DerefMut<Target = State<T, E>>,
        now: SystemTime,
    ) -> Next<T, E> {
        // Another caller may have been here since.
        let current = self.current.load_full();
        let serving = current.clone().filter(|lease| now < lease.times.ends);
        if let Some(lease) = serving.as_ref().filter(|lease| now < lease.times.due) {
            return Next::Use(Arc::clone(lease));
        }
        let alive = |running: &&Running<T, E>| running.began.elapsed() <= self.patience;
        if let Some(running) = state.running.as_ref().filter(alive) {
            return match serving {
                Some(lease) => Next::Use(lease),
                None => Next::Wait(running.flight.clone()),
            };
        }
        match (&serving, &state.block) {
            (Some(lease), Some(block)) if block.holds(block.pause, now) => {
                return Next::Use(Arc::clone(lease));
            }
            (None, Some(block)) => {
                if let Some((_, error)) =
                    (block.lasting.as_ref()).filter(|(length, _)| block.holds(*length, now))
                {
                    return Next::Blocked(error.clone());
                }
            }
            _ => {}
        }
        let reason = match (&serving, &current, &state.refused) {
            (Some(_), ..) => Reason::Due,
            (None, Some(_), _) => Reason::Ended,
            (None, None, Some(_)) => Reason::Refused,
            (None, None, None) => Reason::First,
        };
        let previous = current.or_else(|| state.refused.clone());
        let ticket = self.begin(&mut state, reason, previous);
        match serving {
            Some(lease) => Next::Renew(lease, ticket),
            None => Next::Fetch(ticket),
        }
    }

    fn begin(
        self: &Arc<Self>,
        state: &mut State<T, E>,
        reason: Reason,
        previous: Option<Arc<Lease<T>>>,
    ) -> Ticket<T, E> {
        let (sender, receiver) = oneshot::channel();
        let flight = receiver.shared();
        state.tickets += 1;
        state.running = Some(Running {
            id: state.tickets,
            began: Instant::now(),
            flight: flight.clone(),
        });
        Ticket {
            cache: Arc::clone(self),
            id: state.tickets,
            sender: Some(sender),
            flight,
            reason,
            previous,
        }
    }

    /// Gives a fetch up that has not ended in time.
    pub fn give_up(&self, flight: &Flight<T, E>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if (state.running.as_ref()).is_some_and(|running| running.flight.ptr_eq(flight)) {
            state.running = None;
        }
    }

    /// Takes a refused value away, unless another one stands there by now. Returns whether
    /// trying again can help.
    pub fn refuse(&self, refused: &Arc<Lease<T>>, now: SystemTime) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.current.load();
        if !(current.as_ref()).is_some_and(|current| Arc::ptr_eq(current, refused)) {
            return true;
        }
        let young = now
            .duration_since(refused.times.obtained)
            .is_ok_and(|age| age < STUBBORN);
        if refused.after_refusal && young && !refused.accepted.load(Ordering::Relaxed) {
            return false;
        }
        state.refused = Some(Arc::clone(refused));
        self.current.store(None);
        true
    }

    fn serving(&self, now: SystemTime) -> Option<Arc<Lease<T>>> {
        let lease = self.current.load_full()?;
        (now < lease.times.ends).then_some(lease)
    }
}

impl<T, E: Clone> Ticket<T, E> {
    /// Ends the fetch: everybody who waits gets its result.
    pub fn finish(mut self, result: Result<(T, Times), Failed<E>>, now: SystemTime) {
        let mut state = (self.cache.state.lock()).unwrap_or_else(PoisonError::into_inner);
        // A fetch that was given up has nothing to say any more.
        if state.running.as_ref().map(|running| running.id) != Some(self.id) {
            return;
        }
        state.running = None;
        let outcome = match result {
            Ok((value, times)) => {
                let lease = Arc::new(Lease {
                    value,
                    times,
                    accepted: AtomicBool::new(false),
                    after_refusal: state.refused.take().is_some(),
                });
                self.cache.current.store(Some(Arc::clone(&lease)));
                state.block = None;
                state.failures = 0;
                Ok(lease)
            }
            Err(failed) => {
                let growing = PAUSE.saturating_mul(1 << state.failures.min(6));
                state.failures = state.failures.saturating_add(1);
                state.block = Some(Block {
                    since: now,
                    pause: failed
                        .lasts
                        .unwrap_or_default()
                        .max(growing)
                        .min(LONGEST_PAUSE),
                    lasting: (failed.lasts)
                        .map(|length| (length.min(LONGEST_PAUSE), failed.error.clone())),
                });
                Err(failed.error)
            }
        };
        drop(state);
        if let Some(sender) = self.sender.take() {
            let _ = sender.send(outcome);
        }
    }
}

impl<T, E: Clone> Drop for Ticket<T, E> {
    fn drop(&mut self) {
        if self.sender.is_none() {
            return;
        }
        let mut state = (self.cache.state.lock()).unwrap_or_else(PoisonError::into_inner);
        if state.running.as_ref().map(|running| running.id) == Some(self.id) {
            state.running = None;
        }
    }
}
