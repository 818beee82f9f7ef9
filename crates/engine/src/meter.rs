//! What this process counts for whoever watches it: how long commits and waits took, how large groups were, how often
//! there was nothing to hand out. Numbers only; nothing of it is stored or decides anything.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the buckets of times, seconds.
pub const SECONDS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];
/// Upper bounds of the buckets of sizes.
pub const SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Values by their size, and their sum in thousandths.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [f64; 9],
    buckets: [AtomicU64; 9],
    count: AtomicU64,
    sum: AtomicU64,
}

/// A histogram as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// Each bound with the number of values up to it.
    pub buckets: Vec<(f64, u64)>,
    /// All values.
    pub count: u64,
    /// Their sum.
    pub sum: f64,
}

impl Histogram {
    const fn new(bounds: &'static [f64; 9]) -> Self {
        Self { bounds, buckets: [const { AtomicU64::new(0) }; 9], count: AtomicU64::new(0), sum: AtomicU64::new(0) }
    }

    fn add(&self, value: f64) {
        if let Some((bucket, _)) = self.buckets.iter().zip(self.bounds).find(|(_, bound)| value <= **bound) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        // A negative time or size there is not, and a sum beyond 2^64 thousandths neither.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        self.sum.fetch_add((value * 1_000_000.0) as u64, Ordering::Relaxed);
    }

    /// As it stands.
    pub fn read(&self) -> Counted {
        let mut below = 0;
        let buckets = self.buckets.iter().zip(self.bounds).map(|(bucket, bound)| {
            below += bucket.load(Ordering::Relaxed);
            (*bound, below)
        });
        #[expect(clippy::cast_precision_loss, reason = "a sum for people")]
        let sum = self.sum.load(Ordering::Relaxed) as f64 / 1_000_000.0;
        Counted { buckets: buckets.collect(), count: self.count.load(Ordering::Relaxed), sum }
    }
}

/// The counters of one engine.
#[derive(Debug)]
pub struct Meter {
    /// Writes that shared a commit (SQLite).
    pub group_size: Histogram,
    /// Deeds of the queue, of one kind, that were done by the same statements.
    pub together: Histogram,
    /// Seconds from the beginning of a group to its commit (SQLite), or of a write with its commit (PostgreSQL).
    pub commit: Histogram,
    /// Seconds that a write waited for a connection (PostgreSQL) or for the writer (SQLite).
    pub wait: Histogram,
    /// Writes that collided and were run again (PostgreSQL).
    again: AtomicU64,
    /// Deeds that could not be done with the others and were done alone.
    apart: AtomicU64,
    /// Claims that were handed out, and calls that got none.
    claimed: AtomicU64,
    missed: AtomicU64,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            group_size: Histogram::new(&SIZES),
            together: Histogram::new(&SIZES),
            commit: Histogram::new(&SECONDS),
            wait: Histogram::new(&SECONDS),
            again: AtomicU64::new(0),
            apart: AtomicU64::new(0),
            claimed: AtomicU64::new(0),
            missed: AtomicU64::new(0),
        }
    }
}

impl Meter {
    /// A commit of so many writes that took so long.
    pub(crate) fn committed(&self, writes: usize, took: Duration) {
        self.group_size.add(u32::try_from(writes).unwrap_or(u32::MAX).into());
        self.commit.add(took.as_secs_f64());
    }

    /// Commits so far.
    pub(crate) fn commits(&self) -> u64 {
        self.group_size.count.load(Ordering::Relaxed)
    }

    /// A write waited so long before it began.
    pub(crate) fn waited(&self, took: Duration) {
        self.wait.add(took.as_secs_f64());
    }

    /// So many deeds of one kind were done together.
    pub(crate) fn joined(&self, deeds: usize) {
        self.together.add(u32::try_from(deeds).unwrap_or(u32::MAX).into());
    }

    /// A deed is done alone after all.
    pub(crate) fn went_apart(&self) {
        self.apart.fetch_add(1, Ordering::Relaxed);
    }

    /// A write is run again.
    pub(crate) fn ran_again(&self) {
        self.again.fetch_add(1, Ordering::Relaxed);
    }

    /// A call for work got so much.
    pub(crate) fn handed_out(&self, claims: usize) {
        let (counter, n) = if claims == 0 { (&self.missed, 1) } else { (&self.claimed, claims) };
        counter.fetch_add(u64::try_from(n).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Writes that were run again.
    pub fn again(&self) -> u64 {
        self.again.load(Ordering::Relaxed)
    }

    /// Deeds that could not be done with the others and were done alone.
    pub fn apart(&self) -> u64 {
        self.apart.load(Ordering::Relaxed)
    }

    /// Claims handed out.
    pub fn claimed(&self) -> u64 {
        self.claimed.load(Ordering::Relaxed)
    }

    /// Calls for work that got none.
    pub fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_hold_what_is_up_to_their_bound() {
        let meter = Meter::default();
        for writes in [1, 3, 3, 500] {
            meter.committed(writes, Duration::from_millis(4));
        }
        let sizes = meter.group_size.read();
        assert_eq!(sizes.buckets[..3], [(1.0, 1), (2.0, 1), (4.0, 3)]);
        assert_eq!((sizes.buckets[8], sizes.count), ((256.0, 3), 4));
        assert!((sizes.sum - 507.0).abs() < 0.001);
        assert!((meter.commit.read().sum - 0.016).abs() < 0.000_1);
    }
}
