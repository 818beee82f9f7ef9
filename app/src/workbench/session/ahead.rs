//! The items that come next: taken from the server ahead of time, opened from memory, held on to while the person is there.

use super::{PAUSE_MS, Phase, Session, clock};
use crate::components::announce;
use crate::error::AppError;
use crate::module::HAS_IMAGES;
use crate::session as account;
use crate::text::{fill, now as words};
use crate::workbench::document::Document;
use crate::workbench::images;
use crate::workbench::outbox::Outbox;
use crate::workbench::timer::Timer;
use crate::{browser, rpc};
use domain::Error;
use domain::claim::{CLAIM_MAX, ClaimView, PREFETCH};
use domain::error::Conflict;
use domain::id::{AnnotationId, ClaimId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::VecDeque;

/// Claims are renewed so often, or three times a lease where that is more often.
const RENEW_MS: f64 = 300_000.0;
/// A person away for so long no longer holds on to their claims.
const AWAY_MS: f64 = 600_000.0;

impl Session {
    /// Takes one of the last items back for correction and shows it.
    pub fn reopen(self, annotation: AnnotationId) {
        spawn_local(async move {
            match rpc::reopen_annotation(annotation).await {
                Ok(claim) => {
                    self.inner.try_update_value(|inner| inner.done.remove(&claim.id));
                    self.put_back();
                    self.open(claim);
                }
                Err(error) => {
                    account::answer(&error);
                    if let AppError::Refused(error) = error {
                        self.warning.try_set(Some(error));
                    }
                }
            }
        });
    }

    /// How many items are held ready after the one on the screen.
    pub fn ahead(self) -> usize {
        self.queue.with_value(VecDeque::len)
    }

    /// Shows the next item from memory, or says that there is none.
    pub(super) fn next(self) {
        self.problems.set(Vec::new());
        self.warning.set(None);
        let mut next = None;
        self.queue.update_value(|queue| next = queue.pop_front());
        match next {
            Some(claim) => self.open(claim),
            None => {
                self.current.set(None);
                self.phase.set(Phase::Loading);
            }
        }
    }

    /// Puts the item on the screen back to the front of those ahead.
    pub(super) fn put_back(self) {
        if let Some(current) = self.current.get_untracked() {
            self.keep_journal();
            self.save_draft();
            self.queue.update_value(|queue| queue.push_front(current));
        }
    }

    pub(super) fn open(self, claim: ClaimView) {
        let now = clock();
        if self.inner.with_value(|inner| inner.unkept) {
            self.keep_journal();
        }
        let shelf = self.shelf();
        // The claim of an earlier sitting may have lapsed, by a power cut or a long break: its draft is this item's draft.
        let fresh = claim.draft.is_none() && claim.rework.is_none();
        let kept =
            shelf.journal(claim.id).or_else(|| fresh.then(|| shelf.adopt_journal(claim.item.id, claim.id)).flatten());
        let drafted = claim.draft.as_ref().map_or(0, |draft| draft.sequence);
        let (document, active_ms, sequence, dirty) = match (kept, &claim.draft, &claim.rework) {
            // What this browser kept is newer than, or the same as, what reached the server.
            (Some(kept), _, _) if kept.sequence >= drafted => {
                (kept.document, kept.active_ms, kept.sequence, kept.sequence > drafted)
            }
            (_, Some(draft), _) => (Document::new(draft.value.clone()), draft.active_ms, draft.sequence, false),
            (_, None, Some(rework)) => (Document::new(rework.previous.value.clone()), 0, 0, false),
            (_, None, None) => (Document::default(), 0, 0, false),
        };
        self.inner.update_value(|inner| {
            inner.timer = Timer::new(now, active_ms);
            inner.sequence = sequence;
            inner.last_input = now;
            inner.dirty_since = now;
            inner.save_after = 0.0;
        });
        self.dirty.set(dirty);
        self.seconds.set(active_ms / 1_000);
        self.problems.set(Vec::new());
        self.warning.set(None);
        let item = claim.item.clone();
        let key = item.key.clone();
        self.current.set(Some(claim));
        self.editor.open(item, document);
        self.phase.set(Phase::Working);
        announce(fill(words(|t| t.work.opened), &[("key", &key)]));
        self.preload();
        request_animation_frame(|| browser::focus("stage"));
    }

    fn preload(self) {
        if !HAS_IMAGES {
            return;
        }
        self.queue.with_value(|queue| {
            for claim in queue {
                if let Some(image) = claim.item.data.image() {
                    images::load(&images::screen_url(claim.item.id, image), None);
                }
            }
        });
    }

    pub(super) fn wants_more(self) -> bool {
        // Told that there is nothing, one asks again only by hand or after the next submit.
        self.phase.with_untracked(|phase| *phase != Phase::Idle(None))
            && self.inner.with_value(|inner| !inner.taking && inner.take_after <= clock())
    }

    /// Takes items so that enough are ahead. What is in hand already comes along again and is left out.
    pub(super) fn refill(self) {
        if self.inner.with_value(|inner| inner.taking) {
            self.inner.update_value(|inner| inner.take_again = true);
            return;
        }
        if self.phase.with_untracked(|phase| *phase == Phase::OtherTab) {
            return;
        }
        let on_the_way =
            u32::try_from(self.outbox.with_untracked(|outbox| outbox.entries().len())).unwrap_or(CLAIM_MAX);
        let count = PREFETCH.saturating_add(on_the_way).min(CLAIM_MAX);
        let project = self.place.with_value(|place| place.project);
        self.inner.update_value(|inner| {
            inner.taking = true;
            inner.take_again = false;
        });
        spawn_local(async move {
            let answer = rpc::take_claims(project, count).await;
            let now = clock();
            if self.inner.try_update_value(|inner| inner.taking = false).is_none() {
                return;
            }
            match answer {
                Ok(claimed) => {
                    self.offline.set(false);
                    // Until the next submit there is nothing more where less came than was asked for.
                    let pause = if claimed.reason.is_some() { 30_000.0 } else { PAUSE_MS };
                    self.inner.update_value(|inner| inner.take_after = now + pause);
                    self.take_in(claimed.claims);
                    if self.current.with_untracked(Option::is_none) {
                        if self.ahead() > 0 {
                            self.next();
                        } else if self.outbox.with_untracked(Outbox::is_empty) || claimed.reason.is_some() {
                            self.phase.set(Phase::Idle(claimed.reason));
                        }
                    }
                    self.preload();
                }
                Err(error) => {
                    self.inner.update_value(|inner| inner.take_after = now + PAUSE_MS);
                    self.failed(&error);
                    if self.current.with_untracked(Option::is_none) {
                        self.phase.set(Phase::Failed(error));
                    }
                }
            }
            if self.inner.with_value(|inner| inner.take_again) {
                self.refill();
            }
        });
    }

    fn take_in(self, claims: Vec<ClaimView>) {
        let current = self.current.with_untracked(|current| current.as_ref().map(|claim| claim.id));
        let closed = |claim: ClaimId| {
            self.inner.with_value(|inner| inner.done.contains(&claim))
                || self.outbox.with_untracked(|outbox| outbox.holds(claim))
        };
        self.queue.update_value(|queue| {
            for claim in claims {
                let known = current == Some(claim.id) || queue.iter().any(|other| other.id == claim.id);
                if !known && !closed(claim.id) {
                    queue.push_back(claim);
                }
            }
            // Returned work comes before anything new.
            queue.make_contiguous().sort_by_key(|claim| claim.rework.is_none());
        });
    }

    /// The heartbeat: claims live on while the person is there.
    pub(super) fn renew(self, now: f64) {
        let lease_ms = self.place.with_value(|place| f64::from(place.settings.lease_minutes) * 60_000.0);
        let due = self.inner.with_value(|inner| {
            now - inner.renewed_at >= RENEW_MS.min(lease_ms / 3.0) && now - inner.last_input < AWAY_MS
        });
        if !due {
            return;
        }
        let current = self.current.with_untracked(|current| current.as_ref().map(|claim| claim.id));
        let ids: Vec<ClaimId> = current
            .into_iter()
            .chain(self.queue.with_value(|queue| queue.iter().map(|claim| claim.id).collect::<Vec<_>>()))
            .collect();
        if ids.is_empty() {
            return;
        }
        self.inner.update_value(|inner| inner.renewed_at = now);
        spawn_local(async move {
            match rpc::renew_claims(ids).await {
                Ok(renewed) => {
                    if self
                        .queue
                        .try_update_value(|queue| queue.retain(|claim| !renewed.gone.contains(&claim.id)))
                        .is_none()
                    {
                        return;
                    }
                    let lost = self.current.with_untracked(|current| {
                        current.as_ref().is_some_and(|claim| renewed.gone.contains(&claim.id))
                    });
                    if lost {
                        self.warning.set(Some(Error::Conflict(Conflict::ClaimGone)));
                    }
                }
                Err(error) => {
                    if self.inner.try_with_value(|_| ()).is_some() {
                        self.failed(&error);
                    }
                }
            }
        });
    }
}
