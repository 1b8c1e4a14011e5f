//! What all callers share and what is replaced in time. A value that serves is had without
//! waiting for a lock; without one, exactly one caller is told to fetch, and all others wait
//! for what it gets.
//!
//! Nothing here runs, sleeps or asks for the time: [`Cache::next`] says what a caller has to
//! do, so that every order in which callers can come is checked in `tests/interleavings.rs`.

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use futures_util::{FutureExt, future::Shared};
use tokio::sync::oneshot;

use crate::sync::{Mutex, RwLock};

/// The pause after a failed fetch while a value serves; it doubles with every failure.
const PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// The pause after a failed fetch while no value serves; it doubles with every failure.
const STEP: Duration = Duration::from_millis(250);
const LONGEST_STEP: Duration = Duration::from_secs(30);

/// How long a value is kept that replaced a refused one and was refused as well. The value is
/// not at fault then, and another one would not help.
const REFUSED_AGAIN: Duration = Duration::from_secs(30);

/// A value with its times.
#[derive(Debug)]
pub struct Lease<T> {
    pub value: T,
    pub times: Times,
}

/// When a value was had, is due, and ends, by our clock.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub obtained: SystemTime,
    pub due: SystemTime,
    pub ends: SystemTime,
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
    /// Ask again after this time: the last fetch failed with this error, and all callers
    /// back off together.
    Later(Duration, E),
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

/// Why nothing is fetched for a while.
struct Block<E> {
    since: SystemTime,
    error: E,
    /// How long nothing is fetched while a value serves.
    pause: Duration,
    /// How long nothing is fetched while no value serves.
    step: Duration,
    /// How long callers without a value get the error at once.
    lasting: Option<Duration>,
}

impl<E> Block<E> {
    /// What is left of a length that began with the block. A clock that was set back ends it.
    fn left(&self, length: Duration, now: SystemTime) -> Option<Duration> {
        let passed = now.duration_since(self.since).ok()?;
        length.checked_sub(passed).filter(|left| !left.is_zero())
    }
}

struct State<T, E> {
    running: Option<Running<T, E>>,
    tickets: u64,
    block: Option<Block<E>>,
    failures: u32,
    refused: Option<Arc<Lease<T>>>,
    /// A value that was refused right after it replaced a refused one, and since when.
    refused_again: Option<(Arc<Lease<T>>, SystemTime)>,
}

/// The cache.
pub struct Cache<T, E> {
    /// Held for as long as it takes to copy a pointer.
    current: RwLock<Option<Arc<Lease<T>>>>,
    state: Mutex<State<T, E>>,
    /// How long a fetch may run; one that takes longer is lost with the runtime it was on.
    patience: Duration,
}

impl<T, E: Clone> Cache<T, E> {
    pub fn new(patience: Duration) -> Arc<Self> {
        Arc::new(Self {
            current: RwLock::new(None),
            state: Mutex::new(State {
                running: None,
                tickets: 0,
                block: None,
                failures: 0,
                refused: None,
                refused_again: None,
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
        let current = self.current();
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
            (Some(lease), Some(block)) if block.left(block.pause, now).is_some() => {
                return Next::Use(Arc::clone(lease));
            }
            (None, Some(block)) => {
                let lasts = block.lasting.and_then(|length| block.left(length, now));
                if lasts.is_some() {
                    return Next::Blocked(block.error.clone());
                }
                if let Some(left) = block.left(block.step, now) {
                    return Next::Later(left, block.error.clone());
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

    /// Takes a refused value away, unless another one replaced it already. Returns whether the
    /// caller can succeed with another value.
    ///
    /// `again` says that the caller was refused with an older value before. The value is then not
    /// at fault and is kept for [`REFUSED_AGAIN`], even if other callers are refused with it.
    pub fn refuse(&self, refused: &Arc<Lease<T>>, again: bool, now: SystemTime) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !(self.current().as_ref()).is_some_and(|current| Arc::ptr_eq(current, refused)) {
            return true;
        }
        let stays = state.refused_again.as_ref().is_some_and(|(lease, since)| {
            let age = now.duration_since(*since);
            Arc::ptr_eq(lease, refused) && age.is_ok_and(|age| age < REFUSED_AGAIN)
        });
        if stays {
            return false;
        }
        if again {
            state.refused_again = Some((Arc::clone(refused), now));
            return false;
        }
        state.refused = Some(Arc::clone(refused));
        self.replace(None);
        true
    }

    /// Takes the value away, whatever it is.
    pub fn forget(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.refused = self.replace(None);
        state.block = None;
        state.failures = 0;
    }

    /// The value that is kept, although it may have ended.
    pub fn current(&self) -> Option<Arc<Lease<T>>> {
        let current = self.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, with: Option<Arc<Lease<T>>>) -> Option<Arc<Lease<T>>> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut current, with)
    }

    fn serving(&self, now: SystemTime) -> Option<Arc<Lease<T>>> {
        let lease = self.current()?;
        (now < lease.times.ends).then_some(lease)
    }
}

impl<T, E: Clone> Ticket<T, E> {
    /// Ends the fetch: every waiter gets its result.
    pub fn finish(mut self, result: Result<(T, Times), Failed<E>>, now: SystemTime) {
        let mut state = (self.cache.state.lock()).unwrap_or_else(PoisonError::into_inner);
        let given_up = state.running.as_ref().map(|running| running.id) != Some(self.id);
        // The late result of an abandoned fetch is used unless there is a newer value.
        if given_up && (result.is_err() || self.cache.current().is_some()) {
            return;
        }
        if !given_up {
            state.running = None;
        }
        let outcome = match result {
            Ok((value, times)) => {
                let lease = Arc::new(Lease { value, times });
                self.cache.replace(Some(Arc::clone(&lease)));
                state.refused = None;
                state.block = None;
                state.failures = 0;
                Ok(lease)
            }
            Err(failed) => {
                let doubled = |first: Duration, exponent| first.saturating_mul(1_u32 << exponent);
                let pause = doubled(PAUSE, state.failures.min(6));
                let step = doubled(STEP, state.failures.min(10)).min(LONGEST_STEP);
                state.failures = state.failures.saturating_add(1);
                let lasting = failed.lasts.map(|length| length.min(LONGEST_PAUSE));
                state.block = Some(Block {
                    since: now,
                    error: failed.error.clone(),
                    pause: lasting.unwrap_or_default().max(pause).min(LONGEST_PAUSE),
                    step,
                    lasting,
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
