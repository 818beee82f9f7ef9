//! A person at work in a project: the items in hand and those ahead, drafts and submits on their way, the time, the line to
//! the server. What is shown next never waits for the network; what was done is kept here until the server has it.
//!
//! Here stand what the page sees and does; [`ahead`] has the items, [`keeping`] what is not finished, [`finished`] what is.

mod ahead;
mod finished;
mod keeping;

pub(crate) use finished::send;

use super::editor::Editor;
use super::lease::{self, Lease};
use super::outbox::{Act, Entry, Outbox};
use super::storage::Shelf;
use super::timer::Timer;
use crate::components::announce;
use crate::error::AppError;
use crate::session as account;
use crate::text::{fill, now as words};
use domain::claim::{ClaimView, NoWork, PREFETCH, SkipReason, Submit, Workplace};
use domain::id::ClaimId;
use domain::{Error, Problem};
use leptos::prelude::*;
use std::collections::{HashMap, HashSet, VecDeque};

/// A change reaches the server at the latest so long after it was made, while the line holds.
const DRAFT_MS: f64 = 2_500.0;
/// After a failed call, the next one waits so long.
const PAUSE_MS: f64 = 5_000.0;

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

    /// Asks for items again, after there were none or the line failed.
    pub fn retry(self) {
        self.phase.set(Phase::Loading);
        self.wake();
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
            self.editor.selected.set(Some(crate::workbench::region::RegionRef { control: control.to_owned(), id }));
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
