//! What a write leaves for the end of its transaction: events, figures and counts. Writes that share a commit add to the
//! same rows again and again; gathered, each row is written once, by one statement for many.
//!
//! Only what no write reads back is left for later; days that are over are read by the write that closes them, but nothing is
//! added to those. What it never does: outlive the transaction. What was gathered by a write that failed is dropped with it.

use super::Tx;
use super::rows::insert;
use crate::account::rights;
use crate::error::Result;
use crate::event::entity::event;
use crate::stats::queries::Delta;
use crate::{facts, item, stats};
use domain::item::ItemState;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use uuid::Uuid;

tokio::task_local! {
    static LATER: RefCell<Later>;
}

/// A person's day in a project.
pub(crate) type Day = (Uuid, Uuid, i32);

/// What was gathered.
#[derive(Debug, Default)]
pub(crate) struct Later {
    events: Vec<event::ActiveModel>,
    /// With the firm that the person was in.
    figures: BTreeMap<Day, (Option<Uuid>, Delta)>,
    counts: BTreeMap<Uuid, BTreeMap<&'static str, (ItemState, i64)>>,
    /// Who may do what was changed.
    rights: bool,
}

impl Later {
    /// Takes in what another write left.
    pub(crate) fn add(&mut self, other: Later) {
        self.events.extend(other.events);
        for (day, (organization, delta)) in other.figures {
            self.figure(day, organization, delta);
        }
        for (project, states) in other.counts {
            for (state, delta) in states.into_values() {
                self.count(project, state, delta);
            }
        }
        self.rights |= other.rights;
    }

    /// An event.
    pub(crate) fn event(&mut self, row: event::ActiveModel) {
        self.events.push(row);
    }

    /// Figures of a day.
    pub(crate) fn figure(&mut self, day: Day, organization: Option<Uuid>, delta: Delta) {
        self.figures.entry(day).or_insert_with(|| (organization, Delta::default())).1 += delta;
    }

    /// Items more, or fewer, in a state.
    pub(crate) fn count(&mut self, project: Uuid, state: ItemState, delta: i64) {
        self.counts.entry(project).or_default().entry(state.code()).or_insert((state, 0)).1 += delta;
    }

    /// Says that who may do what was changed.
    pub(crate) fn rights(&mut self) {
        self.rights = true;
    }

    /// Was it?
    pub(crate) fn has_rights(&self) -> bool {
        self.rights
    }

    /// Writes it all: counts and figures last of what locks, in the order of their keys.
    pub(crate) async fn write(self, tx: &Tx) -> Result<Later> {
        for (project, states) in self.counts {
            item::queries::count(tx, project, states.into_values().collect()).await?;
        }
        let figures: Vec<_> = self.figures.into_iter().collect();
        stats::queries::write(tx, figures).await?;
        insert(tx, self.events, "").await?;
        if self.rights {
            facts::set(tx, rights::FACT, &Uuid::now_v7().to_string()).await?;
        }
        Ok(Later { rights: self.rights, ..Later::default() })
    }
}

/// Runs a write and gives what it left for later.
pub(crate) async fn gathered<T>(write: impl Future<Output = T>) -> (T, Later) {
    LATER
        .scope(RefCell::default(), async {
            let result = write.await;
            let left = LATER.with(RefCell::take);
            (result, left)
        })
        .await
}

/// Leaves something for the end of the write that this task runs. Nothing happens outside of a write: false then.
pub(crate) fn leave(what: impl FnOnce(&mut Later)) -> bool {
    LATER.try_with(|later| what(&mut later.borrow_mut())).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_left_adds_up_by_its_key_and_only_within_a_write() {
        let (project, person) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let one = |submitted| {
            move |later: &mut Later| {
                later.figure((project, person, 7), None, Delta { submitted, ..Delta::default() });
                later.count(project, ItemState::Open, -submitted);
            }
        };
        assert!(!leave(one(1)), "nobody would write it");
        let (inside, left) = gathered(async { leave(one(1)) && leave(one(2)) }).await;
        assert!(inside);
        let (_, other) = gathered(async { leave(one(4)) }).await;
        let mut all = Later::default();
        all.add(left);
        all.add(other);
        assert_eq!(all.figures.values().map(|(_, delta)| delta.submitted).collect::<Vec<_>>(), [7]);
        assert_eq!(all.counts[&project]["open"], (ItemState::Open, -7));
    }
}
