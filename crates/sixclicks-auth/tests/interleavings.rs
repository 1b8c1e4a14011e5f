//! Every order in which callers can come to the cache: the cache itself, compiled with
//! shuttle's locks in the place of the standard ones, under a scheduler that tries them.

/// What `src/cache.rs` takes its locks from here.
mod sync {
    pub use shuttle::sync::{Mutex, RwLock};
}

#[path = "../src/cache.rs"]
#[allow(dead_code, reason = "the session uses all of it; these tests do not")]
mod cache;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use cache::{Cache, Failed, Lease, Next, Ticket, Times};
use shuttle::{future::block_on, thread};

type Held = Arc<Lease<u32>>;

/// A place to fetch numbers from, which counts and never allows two at once.
struct Source {
    cache: Arc<Cache<u32, &'static str>>,
    fetches: AtomicU32,
    busy: AtomicBool,
    fails: AtomicU32,
    cancelled: AtomicU32,
    now: AtomicU64,
}

impl Source {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            cache: Cache::new(Duration::from_secs(3_600)),
            fetches: AtomicU32::new(0),
            busy: AtomicBool::new(false),
            fails: AtomicU32::new(0),
            cancelled: AtomicU32::new(0),
            now: AtomicU64::new(0),
        })
    }

    fn fetch(&self, ticket: Ticket<u32, &'static str>) {
        if take_one(&self.cancelled) {
            return drop(ticket);
        }
        assert!(!self.busy.swap(true, Ordering::SeqCst), "two fetch at once");
        let now = self.now.load(Ordering::SeqCst);
        let number = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
        thread::yield_now();
        self.busy.store(false, Ordering::SeqCst);
        let result = if take_one(&self.fails) {
            Err(Failed {
                error: "no",
                lasts: None,
            })
        } else {
            Ok((number, times(now)))
        };
        ticket.finish(result, at(now));
    }

    fn get(self: &Arc<Self>, seconds: u64) -> Result<Held, &'static str> {
        self.now.store(seconds, Ordering::SeqCst);
        loop {
            let flight = match self.cache.next(at(seconds)) {
                Next::Use(held) => return Ok(held),
                Next::Renew(held, ticket) => {
                    let source = Arc::clone(self);
                    thread::spawn(move || source.fetch(ticket));
                    return Ok(held);
                }
                Next::Fetch(ticket) => {
                    let flight = ticket.flight.clone();
                    let source = Arc::clone(self);
                    thread::spawn(move || source.fetch(ticket));
                    flight
                }
                Next::Wait(flight) => flight,
                Next::Later(_, error) | Next::Blocked(error) => return Err(error),
            };
            if let Ok(outcome) = block_on(flight) {
                return outcome;
            }
        }
    }
}

fn take_one(count: &AtomicU32) -> bool {
    let less = |count: u32| count.checked_sub(1);
    count
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
        .is_ok()
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn times(obtained: u64) -> Times {
    Times {
        obtained: at(obtained),
        due: at(obtained + 80),
        ends: at(obtained + 100),
    }
}

/// What callers get that come together.
fn together(
    source: &Arc<Source>,
    callers: usize,
    call: impl Fn(&Arc<Source>) -> Result<Held, &'static str> + Send + Sync + 'static,
) -> Vec<Result<u32, &'static str>> {
    let call = Arc::new(call);
    let threads: Vec<_> = (0..callers)
        .map(|_| {
            let (source, call) = (Arc::clone(source), Arc::clone(&call));
            thread::spawn(move || call(&source).map(|held| held.value))
        })
        .collect();
    threads.into_iter().map(|t| t.join().unwrap()).collect()
}

#[test]
fn callers_that_come_together_make_one_fetch_in_every_order() {
    let check = |callers| {
        move || {
            let source = Source::new();
            let got = together(&source, callers, |source| source.get(0));
            assert!(got.iter().all(|value| *value == Ok(1)), "{got:?}");
            assert_eq!(source.fetches.load(Ordering::SeqCst), 1);
        }
    };
    shuttle::check_dfs(check(2), Some(1_500));
    shuttle::check_random(check(5), 300);
}

#[test]
fn all_who_wait_get_the_error_and_the_next_caller_tries_again() {
    shuttle::check_random(
        || {
            let source = Source::new();
            source.fails.store(1, Ordering::SeqCst);
            let got = together(&source, 4, |source| source.get(0));
            let failed = got.iter().filter(|value| value.is_err()).count();
            let fetches = source.fetches.load(Ordering::SeqCst);
            assert!(failed >= 1 && fetches == if failed == 4 { 1 } else { 2 });
            assert!(source.get(1).is_ok(), "the next step of the back-off");
        },
        300,
    );
}

#[test]
fn a_fetch_that_is_dropped_is_taken_over_in_every_order() {
    let check = |callers| {
        move || {
            let source = Source::new();
            source.cancelled.store(1, Ordering::SeqCst);
            let got = together(&source, callers, |source| source.get(0));
            assert!(got.iter().all(|value| *value == Ok(1)), "{got:?}");
        }
    };
    shuttle::check_dfs(check(2), Some(1_500));
    shuttle::check_random(check(4), 300);
}

#[test]
fn refusals_that_come_together_make_one_fetch_in_every_order() {
    let check = |callers| {
        move || {
            let source = Source::new();
            let first = source.get(0).unwrap();
            let got = together(&source, callers, move |source| {
                assert!(source.cache.refuse(&first, false, at(1)));
                source.get(1)
            });
            assert!(got.iter().all(|value| *value == Ok(2)), "{got:?}");
            assert_eq!(source.fetches.load(Ordering::SeqCst), 2);
        }
    };
    shuttle::check_dfs(check(2), Some(1_500));
    shuttle::check_random(check(5), 300);
}

#[test]
fn nobody_is_without_a_value_while_one_serves_and_renewals_fail() {
    shuttle::check_random(
        || {
            let source = Source::new();
            source.get(0).unwrap();
            source.fails.store(1, Ordering::SeqCst);
            let got = together(&source, 4, |source| source.get(90));
            assert!(got.iter().all(Result::is_ok), "{got:?}");
            assert!(source.fetches.load(Ordering::SeqCst) <= 3);
        },
        300,
    );
}

#[test]
fn a_renewal_and_a_refusal_at_once_end_with_one_new_value() {
    shuttle::check_random(
        || {
            let source = Source::new();
            let first = source.get(0).unwrap();
            let refusing = {
                let (source, first) = (Arc::clone(&source), Arc::clone(&first));
                thread::spawn(move || {
                    source.cache.refuse(&first, false, at(90));
                    source.get(90).map(|held| held.value)
                })
            };
            assert!(source.get(90).is_ok());
            let value = refusing.join().unwrap().unwrap();
            assert!(value > 1, "the refused value came back");
            assert_eq!(source.fetches.load(Ordering::SeqCst), value);
        },
        300,
    );
}

#[test]
fn the_late_result_of_a_fetch_that_was_given_up_serves_unless_there_is_a_newer_one() {
    shuttle::check_random(
        || {
            let source = Source::new();
            let Next::Fetch(lost) = source.cache.next(at(0)) else {
                panic!("nobody fetches yet");
            };
            source.cache.give_up(&lost.flight);
            let late = thread::spawn(move || lost.finish(Ok((99, times(0))), at(0)));
            let got = together(&source, 2, |source| source.get(0));
            late.join().unwrap();
            let serves = |value: &Result<u32, _>| matches!(value, Ok(1 | 99));
            assert!(got.iter().all(serves), "{got:?}");
            // Whichever came first stays.
            let stays = source.get(0).unwrap().value;
            assert_eq!(source.get(0).unwrap().value, stays);
        },
        300,
    );
}

#[test]
fn the_late_error_of_a_fetch_that_was_given_up_changes_nothing() {
    shuttle::check_random(
        || {
            let source = Source::new();
            let Next::Fetch(lost) = source.cache.next(at(0)) else {
                panic!("nobody fetches yet");
            };
            source.cache.give_up(&lost.flight);
            let failed = Failed {
                error: "late",
                lasts: Some(Duration::from_secs(60)),
            };
            let late = thread::spawn(move || lost.finish(Err(failed), at(0)));
            let got = together(&source, 2, |source| source.get(0));
            late.join().unwrap();
            assert!(got.iter().all(|value| *value == Ok(1)), "{got:?}");
        },
        300,
    );
}
