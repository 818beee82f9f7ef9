//! Finished work on its way to the server, and what comes back from there.

use super::{Returned, Session, clock, random_key};
use crate::components::announce;
use crate::error::AppError;
use crate::rpc;
use crate::session as account;
use crate::text::now as words;
use crate::workbench::outbox::{Act, Answer, Entry, Outbox};
use domain::Error;
use domain::claim::ClaimView;
use domain::error::Conflict;
use domain::id::ClaimId;
use leptos::prelude::*;
use leptos::task::spawn_local;

impl Session {
    pub(super) fn close(self, claim: ClaimView, act: Act) {
        self.dismiss(claim.id);
        let entry = Entry { key: random_key(), claim: claim.id, item: claim.item.key.clone(), act };
        self.keep_journal();
        self.outbox.update(|outbox| {
            outbox.push(entry);
        });
        self.keep_outbox();
        self.inner.update_value(|inner| {
            inner.done.insert(claim.id);
            inner.sent.insert(claim.id, claim);
        });
        self.dirty.set(false);
        self.next();
        self.flush();
        self.refill();
    }

    /// Opens work that came back.
    pub fn open_returned(self, claim: ClaimId) {
        let found = self.returned.with_untracked(|returned| {
            returned.iter().find(|one| one.entry.claim == claim).and_then(|one| one.claim.clone())
        });
        self.dismiss(claim);
        if let Some(claim) = found {
            self.put_back();
            self.queue.update_value(|queue| queue.retain(|other| other.id != claim.id));
            self.open(claim);
        }
    }

    /// The person has read that work came back.
    pub fn dismiss(self, claim: ClaimId) {
        self.returned.update(|returned| returned.retain(|one| one.entry.claim != claim));
    }

    /// Sends what is finished, one after the other.
    pub(super) fn flush(self) {
        let mut next = None;
        if self.outbox.with_untracked(Outbox::is_empty) {
            return;
        }
        self.outbox.update_untracked(|outbox| next = outbox.next(clock()));
        let Some(entry) = next else { return };
        spawn_local(async move {
            let answer = send(&entry).await;
            let now = clock();
            if self.inner.try_with_value(|_| ()).is_none() {
                return;
            }
            let sign_in = answer == Answer::SignIn;
            let later = answer == Answer::Later;
            let mut back = None;
            self.outbox.update(|outbox| back = outbox.answered(&entry.key, answer, now));
            self.keep_outbox();
            if sign_in {
                account::ask_to_sign_in();
                return;
            }
            if later {
                return;
            }
            self.offline.set(false);
            match back {
                Some((entry, error)) => self.came_back(entry, error),
                None => {
                    self.shelf().drop_journal(entry.claim);
                    self.inner.update_value(|inner| {
                        inner.sent.remove(&entry.claim);
                    });
                }
            }
            self.flush();
            if self.current.with_untracked(Option::is_none) {
                self.refill();
            }
        });
    }

    fn came_back(self, entry: Entry, error: Error) {
        let mut claim = None;
        self.inner.update_value(|inner| {
            inner.done.remove(&entry.claim);
            claim = inner.sent.remove(&entry.claim);
        });
        let lost = matches!(
            error,
            Error::Conflict(Conflict::ClaimGone | Conflict::AlreadySubmitted)
                | Error::NotFound(_)
                | Error::NotAllowed(..)
        );
        if lost {
            claim = None;
            self.inner.update_value(|inner| {
                inner.done.insert(entry.claim);
            });
        } else if let Some(claim) = &claim {
            let claim = claim.clone();
            self.queue.update_value(|queue| queue.push_front(claim));
        }
        if matches!(entry.act, Act::Submit(_)) {
            self.today.update(|today| *today = today.saturating_sub(1));
        }
        announce(words(|t| t.work.returned_title));
        self.returned.update(|returned| returned.push(Returned { entry, error, claim }));
        if self.current.with_untracked(Option::is_none) && self.ahead() > 0 {
            self.next();
        }
    }
}

/// Sends one finished item.
pub(crate) async fn send(entry: &Entry) -> Answer {
    let answer = match &entry.act {
        Act::Submit(submit) => {
            rpc::submit_claim(entry.claim, submit.clone(), Some(entry.key.clone())).await.map(|_| ())
        }
        Act::Skip { reason, comment } => rpc::skip_claim(entry.claim, *reason, comment.clone()).await,
    };
    match answer {
        Ok(()) => Answer::Taken,
        Err(AppError::Unreachable) => Answer::Later,
        Err(AppError::Refused(error)) => Answer::of_error(&entry.act, error),
    }
}
