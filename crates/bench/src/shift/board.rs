//! Where everybody's figures come together.
//!
//! Every time is counted from the moment at which the plan wanted the request sent, whether or not an earlier answer was
//! late: a server that stands still for a second is seen by everyone who would have asked within it. What a request took
//! from its sending is kept beside it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::figures::Figures;

/// Parts, so that people seldom wait for each other to write down a figure.
const PARTS: usize = 16;
/// Refusals that are told.
const TOLD: usize = 20;

#[derive(Debug, Default)]
struct Part {
    /// While people still arrive.
    ramp: Figures,
    /// From the planned moment.
    due: Figures,
    /// From the sending.
    sent: Figures,
}

/// The board.
#[derive(Debug)]
pub(crate) struct Board {
    parts: Vec<Mutex<Part>>,
    /// What was planned before this is the ramp's.
    steady: Instant,
    refusals: Mutex<Vec<String>>,
    pub(crate) counts: Counts,
}

/// What is only counted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Labels that the plan wanted in the steady time.
    pub(crate) planned: AtomicU64,
    /// Labels acknowledged in the steady time.
    pub(crate) labels: AtomicU64,
    pub(crate) reworks: AtomicU64,
    pub(crate) skips: AtomicU64,
    /// Requests that broke and were sent again.
    pub(crate) repeated: AtomicU64,
    /// Moments at which somebody had nothing in hand.
    pub(crate) idle: AtomicU64,
    /// Labels that were still not sent when the time was over.
    pub(crate) unsent: AtomicU64,
    pub(crate) batches: AtomicU64,
    pub(crate) verdicts: AtomicU64,
}

/// One more.
pub(crate) fn one(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Board {
    pub(crate) fn new(steady: Instant) -> Self {
        let parts = (0..PARTS).map(|_| Mutex::default()).collect();
        Self { parts, steady, refusals: Mutex::default(), counts: Counts::default() }
    }

    /// Was this planned for the steady time?
    pub(crate) fn is_steady(&self, due: Instant) -> bool {
        due >= self.steady
    }

    /// Writes an answer down.
    pub(crate) fn add(
        &self,
        who: usize,
        operation: &'static str,
        due: Instant,
        sent: Instant,
        success: bool,
    ) -> anyhow::Result<()> {
        let Some(part) = self.parts.get(who % PARTS) else { return Ok(()) };
        let now = Instant::now();
        let (from_due, from_sent) = (now.saturating_duration_since(due), now.saturating_duration_since(sent));
        let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_steady(due) {
            part.sent.add(operation, from_sent, success)?;
            part.due.add(operation, from_due, success)
        } else {
            part.ramp.add(operation, from_due, success)
        }
    }

    /// Keeps the first refusals for the report.
    pub(crate) fn refused(&self, sentence: impl FnOnce() -> String) {
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.len() < TOLD {
            refusals.push(sentence());
        }
    }

    /// Everything: the ramp, from the planned moment, from the sending, and refusals.
    pub(crate) fn sum(self) -> anyhow::Result<(Figures, Figures, Figures, Vec<String>, Counts)> {
        let (mut ramp, mut due, mut sent) = (Figures::default(), Figures::default(), Figures::default());
        for part in self.parts {
            let part = part.into_inner().unwrap_or_else(PoisonError::into_inner);
            ramp.merge(part.ramp)?;
            due.merge(part.due)?;
            sent.merge(part.sent)?;
        }
        Ok((ramp, due, sent, self.refusals.into_inner().unwrap_or_else(PoisonError::into_inner), self.counts))
    }
}

/// Sleeps until this moment, on the grid of a millisecond that timers have.
pub(crate) async fn until(moment: Instant) {
    tokio::time::sleep_until(moment.into()).await;
}

/// So much later.
pub(crate) fn later(moment: Instant, by: Duration) -> Instant {
    moment.checked_add(by).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_request_is_counted_from_when_it_was_due() {
        let begun = Instant::now();
        let board = Board::new(begun);
        std::thread::sleep(Duration::from_millis(60));
        board.add(0, "submit", begun, Instant::now(), true).unwrap();
        board.add(1, "submit", Instant::now(), Instant::now(), false).unwrap();
        let (ramp, due, sent, ..) = board.sum().unwrap();
        assert_eq!(ramp.json().as_object().unwrap().len(), 0);
        assert!(due.json()["submit"]["max_ms"].as_f64().unwrap() >= 60.0);
        assert!(sent.json()["submit"]["max_ms"].as_f64().unwrap() < 60.0);
        assert_eq!(due.errors(), 1);
    }
}
