//! When answers came and when they did not, in tenths of a second: what tells how long a fault was felt.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Tenths of a second in the window that counts as service.
const WINDOW: usize = 10;

/// Answers and failures over time.
#[derive(Debug)]
pub(crate) struct Pulse {
    begun: Instant,
    tenths: Mutex<Vec<Tenth>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Tenth {
    answered: u32,
    failed: u32,
}

impl Pulse {
    pub(crate) fn new() -> Self {
        Self { begun: Instant::now(), tenths: Mutex::default() }
    }

    /// The tenth of a second that it is now.
    pub(crate) fn now(&self) -> usize {
        usize::try_from(self.begun.elapsed().as_millis() / 100).unwrap_or(usize::MAX)
    }

    /// A request was answered.
    pub(crate) fn answered(&self) {
        self.count(|tenth| tenth.answered += 1);
    }

    /// A request was not answered, or by "try again".
    pub(crate) fn failed(&self) {
        self.count(|tenth| tenth.failed += 1);
    }

    fn count(&self, add: impl FnOnce(&mut Tenth)) {
        let now = self.now();
        let mut tenths = self.tenths.lock().unwrap_or_else(PoisonError::into_inner);
        if tenths.len() <= now {
            tenths.resize(now + 1, Tenth::default());
        }
        if let Some(tenth) = tenths.get_mut(now) {
            add(tenth);
        }
    }

    /// Answers a second between two moments.
    pub(crate) fn rate(&self, from: usize, to: usize) -> f64 {
        let tenths = self.tenths.lock().unwrap_or_else(PoisonError::into_inner);
        let answered: u32 = tenths.iter().take(to).skip(from).map(|tenth| tenth.answered).sum();
        f64::from(answered) * 10.0 / to.saturating_sub(from).max(1) as f64
    }

    /// Seconds from a fault to normal service: to the first second behind the last failure that has at least half of the
    /// answers of an undisturbed second. None when there was no such second before `end`.
    pub(crate) fn seconds_to_normal(&self, fault: usize, end: usize, usual: f64) -> Option<f64> {
        let tenths = self.tenths.lock().unwrap_or_else(PoisonError::into_inner);
        let end = end.min(tenths.len());
        let begin = (fault..end).rev().find(|at| tenths.get(*at).is_some_and(|tenth| tenth.failed > 0));
        let begin = begin.map_or(fault, |last| last + 1);
        let normal = (begin..end.saturating_sub(WINDOW - 1)).find(|at| {
            let answered: u32 = tenths.iter().skip(*at).take(WINDOW).map(|tenth| tenth.answered).sum();
            f64::from(answered) >= usual / 2.0
        })?;
        Some((normal - fault) as f64 / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulse(tenths: &[(u32, u32)]) -> Pulse {
        let tenths = tenths.iter().map(|(answered, failed)| Tenth { answered: *answered, failed: *failed }).collect();
        Pulse { begun: Instant::now(), tenths: Mutex::new(tenths) }
    }

    #[test]
    fn normal_service_begins_behind_the_last_failure_when_half_of_the_answers_come() {
        // A second of ten answers a tenth; then nothing, a failure, a slow second, and full speed.
        let mut tenths = vec![(10, 0); 10];
        tenths.extend(vec![(0, 0); 5]);
        tenths.extend([(0, 1)]);
        tenths.extend(vec![(1, 0); 10]);
        tenths.extend(vec![(10, 0); 20]);
        let pulse = pulse(&tenths);
        assert_eq!(pulse.rate(0, 10), 100.0);
        // Five full tenths and five slow ones make 55 answers.
        assert_eq!(pulse.seconds_to_normal(10, usize::MAX, 100.0), Some(1.1));
        assert_eq!(pulse.seconds_to_normal(10, 20, 100.0), None, "not within that time");
        assert_eq!(pulse.seconds_to_normal(0, 10, 100.0), Some(0.0), "never disturbed");
    }
}
