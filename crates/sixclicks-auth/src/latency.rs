//! How long attempts and exchanges take: histograms that are written without a lock.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// A bucket for every power of two, in microseconds; the last one is for an hour and more.
const BUCKETS: usize = 32;

/// A histogram that is being written.
#[derive(Debug, Default)]
pub struct Histogram {
    buckets: [AtomicU64; BUCKETS],
    total: AtomicU64,
    longest: AtomicU64,
}

/// How long something took, since the session began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latency {
    buckets: [u64; BUCKETS],
    total: u64,
    longest: u64,
}

/// How long attempts and exchanges took; see [`Session::latencies`](crate::Session::latencies).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Latencies {
    /// From sending a request until the head of its response arrived, or until it failed.
    pub attempts: Latency,
    /// From the beginning of an exchange to its end, the key's source and the store included.
    pub exchanges: Latency,
}

impl Histogram {
    pub fn add(&self, length: Duration) {
        let micros = u64::try_from(length.as_micros()).unwrap_or(u64::MAX);
        let bucket = (u64::BITS - micros.leading_zeros()) as usize;
        self.buckets[bucket.min(BUCKETS - 1)].fetch_add(1, Ordering::Relaxed);
        self.total.fetch_add(micros, Ordering::Relaxed);
        self.longest.fetch_max(micros, Ordering::Relaxed);
    }

    pub fn read(&self) -> Latency {
        Latency {
            buckets: std::array::from_fn(|bucket| self.buckets[bucket].load(Ordering::Relaxed)),
            total: self.total.load(Ordering::Relaxed),
            longest: self.longest.load(Ordering::Relaxed),
        }
    }
}

impl Latency {
    /// How many there were.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// How long all of them took together.
    pub fn total(&self) -> Duration {
        Duration::from_micros(self.total)
    }

    /// How long the longest took.
    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.longest)
    }

    /// An upper bound of what this share of them took at most, at most twice as long as it really was:
    /// `quantile(0.99)` for the 99th percentile. Zero if there were none.
    pub fn quantile(&self, share: f64) -> Duration {
        let wanted = (self.count() as f64 * share.clamp(0.0, 1.0))
            .ceil()
            .max(1.0) as u64;
        let mut seen = 0;
        for (bucket, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return Duration::from_micros((1 << bucket) - 1).min(self.longest());
            }
        }
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_at_most_twice_too_large() {
        let histogram = Histogram::default();
        assert_eq!(histogram.read().quantile(0.5), Duration::ZERO);
        for millis in 1..=100 {
            histogram.add(Duration::from_millis(millis));
        }
        let latency = histogram.read();
        assert_eq!(latency.count(), 100);
        assert_eq!(latency.longest(), Duration::from_millis(100));
        assert_eq!(latency.total(), Duration::from_millis(5_050));
        for (share, exact) in [(0.1, 10), (0.5, 50), (0.99, 99), (1.0, 100)] {
            let (found, exact) = (latency.quantile(share), Duration::from_millis(exact));
            assert!(found >= exact && found <= exact * 2, "{share}: {found:?}");
        }
        histogram.add(Duration::ZERO);
        histogram.add(Duration::MAX);
        assert_eq!(histogram.read().count(), 102);
    }
}
