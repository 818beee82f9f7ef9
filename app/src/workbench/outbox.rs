//! Finished work on its way to the server: kept in the browser until the server has answered, sent in order, each under
//! one key, so that however often it is sent it counts once. It decides; sending and storing are the session's.

use domain::Error;
use domain::claim::{SkipReason, Submit};
use domain::error::Conflict;
use domain::id::ClaimId;
use serde::{Deserialize, Serialize};

/// The first wait after a failure, and the longest.
const RETRY_MS: (f64, f64) = (1_000.0, 60_000.0);

/// What was decided about a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Submitted.
    Submit(Submit),
    /// Skipped.
    Skip {
        /// Why.
        reason: SkipReason,
        /// In words.
        comment: Option<String>,
    },
}

/// One thing to send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The idempotency key, drawn once.
    pub key: String,
    /// The claim it closes.
    pub claim: ClaimId,
    /// The item's key, to speak of it.
    pub item: String,
    /// What.
    pub act: Act,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The server has it.
    Taken,
    /// The server will never take it as it is.
    Refused(Error),
    /// The session ended: the person must sign in, then it goes on.
    SignIn,
    /// No answer, or "later".
    Later,
}

/// What is left to send.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outbox {
    entries: Vec<Entry>,
    sending: bool,
    failures: u32,
    retry_at: f64,
    signed_out: bool,
}

impl Outbox {
    /// What an earlier page left behind.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries, ..Self::default() }
    }

    /// What waits, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Nothing waits.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The claim is closed here, whatever the server knows yet.
    pub fn holds(&self, claim: ClaimId) -> bool {
        self.entries.iter().any(|entry| entry.claim == claim)
    }

    /// The line failed last time.
    pub fn failing(&self) -> bool {
        self.failures > 0
    }

    /// The person must sign in before anything can be sent.
    pub fn signed_out(&self) -> bool {
        self.signed_out
    }

    /// Takes in a finished claim. A second act on the same claim is ignored: the first one counts.
    pub fn push(&mut self, entry: Entry) -> bool {
        let fresh = !self.holds(entry.claim);
        if fresh {
            self.entries.push(entry);
        }
        fresh
    }

    /// The entry to send now, if it is time. It counts as being sent until [`Outbox::answered`].
    pub fn next(&mut self, now: f64) -> Option<Entry> {
        if self.sending || self.signed_out || now < self.retry_at {
            return None;
        }
        let entry = self.entries.first()?.clone();
        self.sending = true;
        Some(entry)
    }

    /// The line is back, or the person has signed in again: try at once.
    pub fn wake(&mut self) {
        self.retry_at = 0.0;
        self.signed_out = false;
    }

    /// Takes the answer. A refused entry leaves the box and is given back, to be told to the person.
    pub fn answered(&mut self, key: &str, answer: Answer, now: f64) -> Option<(Entry, Error)> {
        self.sending = false;
        match answer {
            Answer::Taken => {
                self.take(key);
                (self.failures, self.retry_at) = (0, 0.0);
                None
            }
            Answer::Refused(error) => {
                (self.failures, self.retry_at) = (0, 0.0);
                self.take(key).map(|entry| (entry, error))
            }
            Answer::SignIn => {
                self.signed_out = true;
                None
            }
            Answer::Later => {
                let wait = RETRY_MS.0 * f64::from(1_u32 << self.failures.min(6));
                self.failures = self.failures.saturating_add(1);
                self.retry_at = now + wait.min(RETRY_MS.1);
                None
            }
        }
    }

    fn take(&mut self, key: &str) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at))
    }
}

impl Answer {
    /// What a refusal by the server means for the entry.
    pub fn of_error(act: &Act, error: Error) -> Answer {
        match (act, &error) {
            (_, Error::SignInRequired) => Answer::SignIn,
            (_, error) if error.retryable() => Answer::Later,
            // Leaving an item that is already out of one's hands has reached its aim.
            (Act::Skip { .. }, Error::Conflict(Conflict::ClaimGone | Conflict::AlreadySubmitted)) => Answer::Taken,
            _ => Answer::Refused(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::annotation::AnnotationValue;

    fn entry(n: u8) -> Entry {
        Entry {
            key: format!("key-{n}"),
            claim: format!("00000000-0000-7000-8000-0000000000{n:02}").parse().unwrap(),
            item: n.to_string(),
            act: Act::Submit(Submit { value: AnnotationValue::new(), active_ms: 1, schema_version: 1 }),
        }
    }

    #[test]
    fn sends_in_order_one_at_a_time() {
        let mut outbox = Outbox::default();
        assert!(outbox.push(entry(1)) && outbox.push(entry(2)) && !outbox.push(entry(2)));
        assert_eq!(outbox.next(0.0).unwrap().key, "key-1");
        assert_eq!(outbox.next(0.0), None, "the first is under way");
        outbox.answered("key-1", Answer::Taken, 0.0);
        assert_eq!(outbox.next(0.0).unwrap().key, "key-2");
        outbox.answered("key-2", Answer::Taken, 0.0);
        assert!(outbox.is_empty());
    }

    #[test]
    fn keeps_the_key_and_waits_longer_each_time() {
        let mut outbox = Outbox::new(vec![entry(1)]);
        let mut now = 0.0;
        for wait in [1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0, 32_000.0, 60_000.0, 60_000.0] {
            assert_eq!(outbox.next(now).unwrap().key, "key-1");
            outbox.answered("key-1", Answer::Later, now);
            assert_eq!(outbox.next(now + wait - 1.0), None);
            now += wait;
        }
        outbox.answered("key-1", Answer::Later, now);
        outbox.wake();
        assert!(outbox.next(now).is_some(), "the line is back");
    }

    #[test]
    fn a_refused_submit_comes_back_and_the_next_one_goes_on() {
        let mut outbox = Outbox::new(vec![entry(1), entry(2)]);
        outbox.next(0.0);
        let refused = Answer::of_error(&entry(1).act, Error::Conflict(Conflict::SchemaOutdated));
        let (back, error) = outbox.answered("key-1", refused, 0.0).unwrap();
        assert_eq!((back.key.as_str(), error.status()), ("key-1", 409));
        assert_eq!(outbox.next(0.0).unwrap().key, "key-2");
    }

    #[test]
    fn an_ended_session_stops_the_box_and_loses_nothing() {
        let mut outbox = Outbox::new(vec![entry(1)]);
        outbox.next(0.0);
        outbox.answered("key-1", Answer::of_error(&entry(1).act, Error::SignInRequired), 0.0);
        assert!(outbox.signed_out() && outbox.next(1e12).is_none());
        outbox.wake();
        assert_eq!(outbox.next(0.0).unwrap().key, "key-1");
    }

    #[test]
    fn leaving_what_one_no_longer_holds_is_done() {
        let skip = Act::Skip { reason: SkipReason::Unsure, comment: None };
        assert_eq!(Answer::of_error(&skip, Error::Conflict(Conflict::ClaimGone)), Answer::Taken);
        assert_eq!(Answer::of_error(&skip, Error::Unavailable), Answer::Later);
    }
}
