//! How many retries a session may send: a token bucket that failures drain and successes fill, so that
//! a session does not multiply the load on a server that is failing.

use std::sync::atomic::{AtomicU32, Ordering};

/// What the bucket holds at most, and at first.
const CAPACITY: u32 = 500;

/// What a retry costs. A success after a retry gives it back.
const RETRY: u32 = 5;

/// What a success without a retry adds.
const SUCCESS: u32 = 1;

/// The budget of one session.
#[derive(Debug)]
pub struct Budget(AtomicU32);

impl Budget {
    pub fn new() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }

    /// Takes what a retry costs; false when there is not enough left.
    pub fn take(&self) -> bool {
        let less = |left: u32| left.checked_sub(RETRY);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }

    /// Gives back after a success: what the last retry cost, or a little when there was none.
    pub fn succeeded(&self, retried: bool) {
        // A full bucket, which is the usual case, is only read.
        let left = self.0.load(Ordering::Relaxed);
        if left < CAPACITY {
            let more = if retried { RETRY } else { SUCCESS };
            let fill = |left: u32| Some((left + more).min(CAPACITY));
            let _ = self
                .0
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, fill);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_empty_the_budget_and_successes_fill_it() {
        let budget = Budget::new();
        let taken = std::iter::repeat_with(|| budget.take()).take_while(|t| *t);
        assert_eq!(taken.count(), 100);
        budget.succeeded(false);
        assert!(!budget.take());
        budget.succeeded(true);
        assert!(budget.take());
        for _ in 0..2_000 {
            budget.succeeded(false);
        }
        assert_eq!(budget.0.load(Ordering::Relaxed), CAPACITY);
    }
}
