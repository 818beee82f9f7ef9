//! Unfinished work, kept where it outlives the page: in this browser's journal, and on the server as a draft.

use super::{PAUSE_MS, Phase, Session, clock};
use crate::error::AppError;
use crate::rpc;
use crate::workbench::storage::Journal;
use domain::Error;
use domain::claim::Draft;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// A value of so many regions at most is written down before the screen shows it.
const AT_ONCE: usize = 500;

impl Session {
    /// The person changed the value: kept in this browser at once, a long one as soon as it is on the screen.
    pub fn changed(self) {
        let now = clock();
        self.inner.update_value(|inner| {
            inner.sequence += 1;
            inner.timer.input(now);
            inner.last_input = now;
            inner.save_after = inner.save_after.min(now + PAUSE_MS);
        });
        if !self.dirty.get_untracked() {
            self.inner.update_value(|inner| inner.dirty_since = now);
            self.dirty.set(true);
        }
        if !self.problems.with_untracked(Vec::is_empty) {
            self.problems.set(Vec::new());
        }
        if self.editor.document.with_untracked(|document| document.regions_count() > AT_ONCE) {
            self.keep_soon();
        } else {
            self.keep_journal();
        }
    }

    pub(super) fn save_draft(self) {
        let now = clock();
        let Some(claim) = self.current.get_untracked() else { return };
        if !self.dirty.get_untracked() || self.inner.with_value(|inner| inner.saving || inner.save_after > now) {
            return;
        }
        let sequence = self.inner.with_value(|inner| inner.sequence);
        let value = self.editor.document.with_untracked(|document| document.value().clone());
        let draft = Draft { value, active_ms: self.active_ms(), sequence };
        self.inner.update_value(|inner| inner.saving = true);
        spawn_local(async move {
            let answer = rpc::save_draft(claim.id, draft).await;
            let now = clock();
            if self.inner.try_update_value(|inner| inner.saving = false).is_none() {
                return;
            }
            let still = self.current.with_untracked(|current| current.as_ref().is_some_and(|now| now.id == claim.id));
            match answer {
                Ok(()) => {
                    self.offline.set(false);
                    if still && self.inner.with_value(|inner| inner.sequence) == sequence {
                        self.dirty.set(false);
                    } else {
                        self.inner.update_value(|inner| inner.dirty_since = now);
                    }
                }
                Err(AppError::Refused(error)) if !error.retryable() && error != Error::SignInRequired => {
                    // The value stays on the screen and can still be submitted; saving drafts of it is over.
                    if still {
                        self.dirty.set(false);
                        self.warning.set(Some(error));
                    }
                }
                Err(error) => {
                    self.inner.update_value(|inner| inner.save_after = now + PAUSE_MS);
                    self.failed(&error);
                }
            }
        });
    }

    /// Keeps the value in this browser right after the frame that shows it: to write a long one down takes longer than the
    /// hand should wait. What is submitted, hidden or left before that is kept then; and a page that is given no frames keeps
    /// it with the next tick.
    fn keep_soon(self) {
        if self.inner.try_update_value(|inner| std::mem::replace(&mut inner.unkept, true)) != Some(false) {
            return;
        }
        let keep = move || {
            if self.inner.try_with_value(|inner| inner.unkept) == Some(true) {
                self.keep_journal();
            }
        };
        request_animation_frame(move || set_timeout(keep, Duration::ZERO));
    }

    pub(super) fn keep_journal(self) {
        self.inner.update_value(|inner| inner.unkept = false);
        if self.phase.with_untracked(|phase| *phase == Phase::OtherTab) {
            return;
        }
        let here = self.current.with_untracked(|current| current.as_ref().map(|claim| (claim.id, claim.item.id)));
        let Some((claim, item)) = here else { return };
        let sequence = self.inner.with_value(|inner| inner.sequence);
        if sequence == 0 {
            return;
        }
        let active_ms = self.active_ms();
        let kept = self.editor.document.with_untracked(|document| {
            self.shelf().keep_journal(claim, &Journal { item: Some(item), document, active_ms, sequence, at: clock() })
        });
        if self.full.get_untracked() == kept {
            self.full.set(!kept);
        }
    }

    pub(super) fn keep_outbox(self) {
        let kept = self.outbox.with_untracked(|outbox| self.shelf().keep_outbox(outbox.entries()));
        if self.full.get_untracked() == kept {
            self.full.set(!kept);
        }
    }
}
