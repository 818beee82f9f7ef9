//! A person at work in a project: the items in hand and those ahead, drafts and submits on their way, the time, the line to
//! the server. What is shown next never waits for the network; what was done is kept here until the server has it.

use super::document::Document;
use super::editor::Editor;
use super::images;
use super::lease::{self, Lease};
use super::outbox::{Act, Answer, Entry, Outbox};
use super::storage::{Journal, Shelf};
use super::timer::Timer;
use crate::browser;
use crate::components::announce;
use crate::error::AppError;
use crate::module::HAS_IMAGES;
use crate::rpc;
use crate::session as account;
use crate::text::{fill, now as words};
use domain::claim::{CLAIM_MAX, ClaimView, Draft, NoWork, PREFETCH, SkipReason, Submit, Workplace};
use domain::error::Conflict;
use domain::id::{AnnotationId, ClaimId};
use domain::{Error, Problem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

/// A change reaches the server at the latest so long after it was made, while the line holds.
const DRAFT_MS: f64 = 2_500.0;
/// A value of so many regions at most is written down before the screen shows it.
const AT_ONCE: usize = 500;
/// After a failed call, the next one waits so long.
const PAUSE_MS: f64 = 5_000.0;
/// Claims are renewed so often, or three times a lease where that is more often.
const RENEW_MS: f64 = 300_000.0;
/// A person away for so long no longer holds on to their claims.
const AWAY_MS: f64 = 600_000.0;

/// What the screen shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Asking for the first item.
    Loading,
    /// An item is on the screen.
    Working,
    /// There is nothing to do, and why.
    Idle(Option<NoWork>),
    /// Another tab of this browser works on the project.
    OtherTab,
    /// The first item could not be had.
    Failed(AppError),
}

/// Where the work lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// The server has it all.
    Yes,
    /// A change is on its way.
    Soon,
    /// Finished items wait to be sent.
    Waiting(usize),
    /// No line: everything is kept in this browser.
    Offline,
    /// No line, and this browser has no room.
    NoRoom,
}

/// Finished work that the server would not take.
#[derive(Debug, Clone, PartialEq)]
pub struct Returned {
    /// What was sent.
    pub entry: Entry,
    /// Why not.
    pub error: Error,
    /// The item, if it can be opened again.
    pub claim: Option<ClaimView>,
}

/// A person at work in a project.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// What the workbench needs besides the items.
    pub place: StoredValue<Workplace>,
    /// The item on the screen.
    pub editor: Editor,
    /// The claim on it.
    pub current: RwSignal<Option<ClaimView>>,
    /// What the screen shows.
    pub phase: RwSignal<Phase>,
    /// Finished work on its way.
    pub outbox: RwSignal<Outbox>,
    /// Finished work that came back.
    pub returned: RwSignal<Vec<Returned>>,
    /// What keeps the value from being submitted.
    pub problems: RwSignal<Vec<Problem>>,
    /// Something about the item's claim or draft that the person must know.
    pub warning: RwSignal<Option<Error>>,
    /// Submits of today.
    pub today: RwSignal<u64>,
    /// Counted seconds on this item.
    pub seconds: RwSignal<i64>,
    /// A change is not on the server yet.
    dirty: RwSignal<bool>,
    /// The last call failed for want of a line.
    offline: RwSignal<bool>,
    /// The browser refused to keep something.
    full: RwSignal<bool>,
    queue: StoredValue<VecDeque<ClaimView>>,
    inner: StoredValue<Inner>,
}

#[derive(Debug)]
struct Inner {
    shelf: Shelf,
    tab: String,
    timer: Timer,
    sequence: u64,
    dirty_since: f64,
    saving: bool,
    taking: bool,
    take_again: bool,
    take_after: f64,
    save_after: f64,
    renewed_at: f64,
    last_input: f64,
    lease_at: f64,
    /// The value on the screen is newer than what this browser keeps, which is about to change.
    unkept: bool,
    /// Claims that are closed for good.
    done: HashSet<ClaimId>,
    /// Claims whose submit is on its way, to open them again if it comes back.
    sent: HashMap<ClaimId, ClaimView>,
}

impl Session {
    /// A session that has not begun: nothing is asked before [`Session::begin`].
    pub fn new(place: Workplace, person: String) -> Self {
        let shelf = Shelf::new(person, place.project);
        let inner = Inner {
            shelf,
            tab: String::new(),
            timer: Timer::default(),
            sequence: 0,
            dirty_since: 0.0,
            saving: false,
            taking: false,
            take_again: false,
            take_after: 0.0,
            save_after: 0.0,
            renewed_at: 0.0,
            last_input: 0.0,
            lease_at: 0.0,
            unkept: false,
            done: HashSet::new(),
            sent: HashMap::new(),
        };
        Self {
            editor: Editor::new(place.schema.clone()),
            today: RwSignal::new(place.today),
            place: StoredValue::new(place),
            current: RwSignal::new(None),
            phase: RwSignal::new(Phase::Loading),
            outbox: RwSignal::new(Outbox::default()),
            returned: RwSignal::new(Vec::new()),
            problems: RwSignal::new(Vec::new()),
            warning: RwSignal::new(None),
            seconds: RwSignal::new(0),
            dirty: RwSignal::new(false),
            offline: RwSignal::new(false),
            full: RwSignal::new(false),
            queue: StoredValue::new(VecDeque::new()),
            inner: StoredValue::new(inner),
        }
    }

    /// Begins: takes the lease of this tab, what an earlier page left, and the first items. In the browser only.
    pub fn begin(self) {
        let now = clock();
        let shelf = self.shelf();
        shelf.tidy(now);
        self.inner.update_value(|inner| {
            inner.tab = random_key();
            inner.last_input = now;
            inner.renewed_at = now;
        });
        if lease::is_free(shelf.lease().as_ref(), &self.tab(), now) {
            self.take_over();
        } else {
            self.phase.set(Phase::OtherTab);
        }
    }

    /// Works in this tab from now on, whatever another one does.
    pub fn take_over(self) {
        let shelf = self.shelf();
        shelf.take_lease(&Lease { tab: self.tab(), at: clock() });
        self.outbox.set(Outbox::new(shelf.outbox()));
        self.phase.set(Phase::Loading);
        self.current.set(None);
        self.queue.update_value(VecDeque::clear);
        self.flush();
        self.refill();
    }

    /// Gives the lease back: the tab goes, or the page is left.
    pub fn end(self) {
        if let (Some(shelf), Some(tab)) = (
            self.inner.try_with_value(|inner| inner.shelf.clone()),
            self.inner.try_with_value(|inner| inner.tab.clone()),
        ) {
            self.keep_journal();
            shelf.drop_lease(&tab);
        }
    }

    /// Another tab wrote the lease.
    pub fn lease_changed(self) {
        let lost = self.shelf().lease().is_some_and(|lease| lease.tab != self.tab());
        if lost && self.phase.get_untracked() != Phase::OtherTab {
            self.phase.set(Phase::OtherTab);
            announce(words(|t| t.work.other_tab_title));
        }
    }

    /// Where the work lies.
    pub fn saved(self) -> Saved {
        let waiting = self.outbox.with(|outbox| outbox.entries().len());
        let offline = self.offline.get() || self.outbox.with(Outbox::failing);
        match (offline, waiting) {
            _ if self.full.get() => Saved::NoRoom,
            (true, _) => Saved::Offline,
            // One submit under way is the ordinary course of things and no news.
            (false, 2..) => Saved::Waiting(waiting),
            (false, 1) => Saved::Soon,
            (false, _) if self.dirty.get() => Saved::Soon,
            (false, _) => Saved::Yes,
        }
    }

    /// How many finished items wait to be sent.
    pub fn waiting(self) -> usize {
        self.outbox.with(|outbox| outbox.entries().len())
    }

    /// The person did something.
    pub fn touched(self) {
        let now = clock();
        self.inner.try_update_value(|inner| {
            inner.timer.input(now);
            inner.last_input = now;
        });
    }

    /// The tab was hidden or shown.
    pub fn visible(self, visible: bool) {
        let now = clock();
        self.inner.try_update_value(|inner| inner.timer.visible(now, visible));
        if !visible {
            self.keep_journal();
            self.save_draft();
        }
    }

    /// The line is back, or the person signed in again.
    pub fn wake(self) {
        self.outbox.update(Outbox::wake);
        self.inner.update_value(|inner| (inner.take_after, inner.save_after) = (0.0, 0.0));
        self.offline.set(false);
        if self.phase.with_untracked(|phase| *phase != Phase::OtherTab) {
            self.flush();
            self.save_draft();
            self.refill();
        }
    }

    /// The browser says that the line is gone.
    pub fn line_lost(self) {
        self.offline.try_set(true);
    }

    /// A second passed.
    pub fn tick(self) {
        let now = clock();
        if self.phase.with_untracked(|phase| *phase == Phase::OtherTab) {
            return;
        }
        self.inner.update_value(|inner| inner.timer.tick(now));
        let (active_ms, dirty_since, lease_at) =
            self.inner.with_value(|inner| (inner.timer.active_ms(), inner.dirty_since, inner.lease_at));
        let seconds = active_ms / 1_000;
        if self.seconds.get_untracked() != seconds {
            self.seconds.set(seconds);
        }
        if now - lease_at >= lease::BEAT_MS {
            self.inner.update_value(|inner| inner.lease_at = now);
            // A tab that slept may have missed that another one took over.
            if !lease::is_free(self.shelf().lease().as_ref(), &self.tab(), now) {
                self.lease_changed();
                return;
            }
            self.shelf().take_lease(&Lease { tab: self.tab(), at: now });
        }
        if self.inner.with_value(|inner| inner.unkept) {
            self.keep_journal();
        }
        if self.dirty.get_untracked() && now - dirty_since >= DRAFT_MS {
            self.save_draft();
        }
        self.flush();
        if self.queue.with_value(VecDeque::len) + 1 < PREFETCH as usize && self.wants_more() {
            self.refill();
        }
        self.renew(now);
    }

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

    /// Submits the item on the screen and shows the next one. What the schema refuses is told and stays.
    pub fn submit(self) {
        let Some(claim) = self.current.get_untracked() else { return };
        let value = self.editor.document.with_untracked(|document| document.value().clone());
        match self.editor.check(&value, &claim.item.data) {
            Err(problems) => {
                self.point_at(&problems);
                self.problems.set(problems);
            }
            Ok(checked) => {
                let submit = Submit {
                    value: checked.into_inner(),
                    active_ms: self.active_ms(),
                    schema_version: self.place.with_value(|place| place.schema_version),
                };
                self.today.update(|today| *today += 1);
                self.close(claim, Act::Submit(submit));
                let today = self.today.get_untracked().to_string();
                announce(fill(words(|t| t.work.submitted), &[("n", &today)]));
            }
        }
    }

    /// Leaves the item on the screen with a reason and shows the next one.
    pub fn skip(self, reason: SkipReason, comment: Option<String>) {
        if let Some(claim) = self.current.get_untracked() {
            self.close(claim, Act::Skip { reason, comment });
            announce(words(|t| t.work.skipped));
        }
    }

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

    /// Asks for items again, after there were none or the line failed.
    pub fn retry(self) {
        self.phase.set(Phase::Loading);
        self.wake();
    }

    /// How many items are held ready after the one on the screen.
    pub fn ahead(self) -> usize {
        self.queue.with_value(VecDeque::len)
    }

    fn close(self, claim: ClaimView, act: Act) {
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

    /// Shows the next item from memory, or says that there is none.
    fn next(self) {
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
    fn put_back(self) {
        if let Some(current) = self.current.get_untracked() {
            self.keep_journal();
            self.save_draft();
            self.queue.update_value(|queue| queue.push_front(current));
        }
    }

    fn open(self, claim: ClaimView) {
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

    fn wants_more(self) -> bool {
        // Told that there is nothing, one asks again only by hand or after the next submit.
        self.phase.with_untracked(|phase| *phase != Phase::Idle(None))
            && self.inner.with_value(|inner| !inner.taking && inner.take_after <= clock())
    }

    /// Takes items so that enough are ahead. What is in hand already comes along again and is left out.
    fn refill(self) {
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

    /// Sends what is finished, one after the other.
    fn flush(self) {
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

    fn save_draft(self) {
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

    /// The heartbeat: claims live on while the person is there.
    fn renew(self, now: f64) {
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

    fn failed(self, error: &AppError) {
        if !account::answer(error) && error.retryable() {
            self.offline.set(true);
        }
    }

    /// Selects the region that the first problem is about.
    fn point_at(self, problems: &[Problem]) {
        let Some(first) = problems.first() else { return };
        announce(first.message.get(crate::lang::use_lang().get_untracked()).to_owned());
        let Some((control, at)) = place_of(&first.at) else { return };
        let region = self.editor.document.with_untracked(|document| {
            let list = document.value().get(control)?.as_array()?;
            Some(list.get(at)?.get("id")?.as_str()?.to_owned())
        });
        if let Some(id) = region {
            self.editor.selected.set(Some(super::region::RegionRef { control: control.to_owned(), id }));
        }
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

    fn keep_journal(self) {
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

    fn keep_outbox(self) {
        let kept = self.outbox.with_untracked(|outbox| self.shelf().keep_outbox(outbox.entries()));
        if self.full.get_untracked() == kept {
            self.full.set(!kept);
        }
    }

    fn active_ms(self) -> i64 {
        let now = clock();
        self.inner.update_value(|inner| inner.timer.tick(now));
        self.inner.with_value(|inner| inner.timer.active_ms())
    }

    fn shelf(self) -> Shelf {
        self.inner.with_value(|inner| inner.shelf.clone())
    }

    fn tab(self) -> String {
        self.inner.with_value(|inner| inner.tab.clone())
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

/// The control and the place in its list that a problem is about: `value.objects[2].label`.
fn place_of(at: &str) -> Option<(&str, usize)> {
    let (control, rest) = at.strip_prefix("value.")?.split_once('[')?;
    Some((control, rest.split_once(']')?.0.parse().ok()?))
}

/// Milliseconds by the browser's clock.
pub fn clock() -> f64 {
    js_sys::Date::now()
}

/// A key that nobody else draws. Without a secure context there is no `randomUUID`, but there are random bytes.
pub(crate) fn random_key() -> String {
    let mut bytes = [0_u8; 16];
    if let Ok(crypto) = window().crypto() {
        // Fails only for more than 65,536 bytes.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn finds_the_region_that_a_problem_is_about() {
        assert_eq!(place_of("value.objects[2].label"), Some(("objects", 2)));
        assert_eq!(place_of("value.名称[0]"), Some(("名称", 0)));
        assert_eq!(place_of("value.mood"), None);
        assert_eq!(place_of("schema.controls[1]"), None);
    }
}
