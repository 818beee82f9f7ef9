//! What the browser keeps while the line is down: drafts, finished work on its way, the lease of a tab. Called from
//! handlers and effects alone, which never run on the server.

use super::document::Document;
use super::lease::Lease;
use super::outbox::Entry;
use domain::id::{ClaimId, ItemId, ProjectId};
use leptos::prelude::window;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// One claim's work in progress; to be written, the document is only lent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Journal<D = Document> {
    /// The item, by which the draft is found again when its claim has lapsed and the item comes back under another.
    #[serde(default)]
    pub item: Option<ItemId>,
    /// The value with its history.
    pub document: D,
    /// Counted time.
    pub active_ms: i64,
    /// Grows with each save.
    pub sequence: u64,
    /// When it was written, by the browser's clock.
    pub at: f64,
}

/// The places of one person's work in one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    person: String,
    project: ProjectId,
}

/// Drafts that nobody came back to are forgotten after so long.
const FORGET_MS: f64 = 14.0 * 86_400_000.0;

impl Shelf {
    /// The shelf of a person (by user name: several may share one computer) in a project.
    pub fn new(person: String, project: ProjectId) -> Self {
        Self { person, project }
    }

    /// The draft of a claim.
    pub fn journal(&self, claim: ClaimId) -> Option<Journal> {
        read(&self.journal_key(claim))
    }

    /// The newest draft of an item under a claim that came and went, taken over by the claim that now holds the item.
    pub fn adopt_journal(&self, item: ItemId, claim: ClaimId) -> Option<Journal> {
        let prefix = format!("terrace.draft.{}.", self.person);
        let (key, journal) = keys()
            .into_iter()
            .filter(|key| key.starts_with(&prefix))
            .filter_map(|key| read::<Journal>(&key).map(|journal| (key, journal)))
            .filter(|(_, journal)| journal.item == Some(item))
            .max_by(|(_, one), (_, other)| one.at.total_cmp(&other.at))?;
        // Only what is safe under its new name goes from under the old one.
        if self.keep_journal(claim, &journal) {
            remove(&key);
        }
        Some(journal)
    }

    /// Keeps a draft. False when the browser has no room.
    pub fn keep_journal<D: Serialize>(&self, claim: ClaimId, journal: &Journal<D>) -> bool {
        write(&self.journal_key(claim), journal)
    }

    /// Forgets a draft.
    pub fn drop_journal(&self, claim: ClaimId) {
        remove(&self.journal_key(claim));
    }

    /// Forgets drafts of long ago.
    pub fn tidy(&self, now: f64) {
        let prefix = format!("terrace.draft.{}.", self.person);
        for key in keys().into_iter().filter(|key| key.starts_with(&prefix)) {
            if read::<Journal>(&key).is_none_or(|journal| now - journal.at > FORGET_MS) {
                remove(&key);
            }
        }
    }

    /// Finished work on its way.
    pub fn outbox(&self) -> Vec<Entry> {
        read(&self.key("outbox")).unwrap_or_default()
    }

    /// Keeps it. False when the browser has no room.
    pub fn keep_outbox(&self, entries: &[Entry]) -> bool {
        if entries.is_empty() {
            remove(&self.key("outbox"));
            return true;
        }
        write(&self.key("outbox"), entries)
    }

    /// Which tab works here.
    pub fn lease(&self) -> Option<Lease> {
        read(&self.lease_key())
    }

    /// Says that this tab works here.
    pub fn take_lease(&self, lease: &Lease) {
        write(&self.lease_key(), lease);
    }

    /// Gives the lease back, if this tab has it.
    pub fn drop_lease(&self, tab: &str) {
        if self.lease().is_some_and(|lease| lease.tab == tab) {
            remove(&self.lease_key());
        }
    }

    /// The name under which the lease lies, to be recognised in `storage` events.
    pub fn lease_key(&self) -> String {
        self.key("tab")
    }

    fn key(&self, what: &str) -> String {
        format!("terrace.{what}.{}.{}", self.person, self.project)
    }

    fn journal_key(&self, claim: ClaimId) -> String {
        format!("terrace.draft.{}.{claim}", self.person)
    }
}

/// The projects in which a person finished work that has not reached the server.
pub fn unsent(person: &str) -> Vec<ProjectId> {
    let prefix = format!("terrace.outbox.{person}.");
    // Another person's name may begin like this one's: what follows is then no project.
    keys().iter().filter_map(|key| key.strip_prefix(&prefix)?.parse().ok()).collect()
}

/// A small setting of this browser.
pub fn setting(name: &str) -> Option<String> {
    local()?.get_item(&format!("terrace.{name}")).ok()?
}

/// Keeps a small setting of this browser.
pub fn keep_setting(name: &str, value: &str) {
    if let Some(storage) = local() {
        // Without room or permission the setting lasts as long as the page.
        let _ = storage.set_item(&format!("terrace.{name}"), value);
    }
}

fn local() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    let text = local()?.get_item(key).ok()??;
    serde_json::from_str(&text).ok()
}

fn write<T: Serialize + ?Sized>(key: &str, value: &T) -> bool {
    let (Some(storage), Ok(text)) = (local(), serde_json::to_string(value)) else { return false };
    storage.set_item(key, &text).is_ok()
}

fn remove(key: &str) {
    if let Some(storage) = local() {
        // Removing what is not there is no error.
        let _ = storage.remove_item(key);
    }
}

fn keys() -> Vec<String> {
    let Some(storage) = local() else { return Vec::new() };
    let count = storage.length().unwrap_or(0);
    (0..count).filter_map(|at| storage.key(at).ok().flatten()).collect()
}
