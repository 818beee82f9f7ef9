//! What is read of claims before and after the writes of the queue.

use crate::claim::queries::Brief;
use crate::claim::view;
use crate::db::Db;
use crate::db::joint::{Deed, Look};
use crate::db::rows::{in_powers, of_keys};
use crate::error::Result;
use domain::claim::ClaimView;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// Which project a claim of this person is in. Nothing where it is not theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Door {
    pub(crate) claim: Uuid,
    pub(crate) person: Uuid,
}

impl Look for Door {
    type Found = Uuid;

    async fn read(db: &Db, keys: &[Self]) -> Result<HashMap<Self, Uuid>> {
        let sql = "SELECT id, person_id, project_id FROM claims WHERE id";
        let mut found = HashMap::new();
        for row in of_keys(db.read(), sql, &claims(keys.iter().map(|key| key.claim))).await? {
            let theirs = Self { claim: row.try_get_by_index(0)?, person: row.try_get_by_index(1)? };
            found.insert(theirs, row.try_get_by_index(2)?);
        }
        Ok(found)
    }
}

/// A claim as a submit goes by it, without its draft, and with what it knows of the item.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) brief: Brief,
    pub(crate) project: Uuid,
    pub(crate) state: String,
    pub(crate) claimed_at: i64,
    pub(crate) submit_key: Option<String>,
    pub(crate) request_hash: Option<String>,
    /// What the item holds, as it is stored.
    pub(crate) data: String,
    pub(crate) overlap: i32,
}

/// A claim of this person with its item. Nothing where it is not theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Hold {
    pub(crate) claim: Uuid,
    pub(crate) person: Uuid,
}

impl Look for Hold {
    type Found = Held;

    async fn read(db: &Db, keys: &[Self]) -> Result<HashMap<Self, Held>> {
        let sql = "SELECT c.id, c.item_id, c.person_id, c.rework_id, c.expires_at, c.project_id, c.state, c.claimed_at, \
                   c.submit_key, c.request_hash, i.data, i.overlap FROM claims c JOIN items i ON i.id = c.item_id \
                   WHERE c.id";
        let mut found = HashMap::new();
        for row in of_keys(db.read(), sql, &claims(keys.iter().map(|key| key.claim))).await? {
            let held = Held {
                brief: Brief {
                    id: row.try_get_by_index(0)?,
                    item_id: row.try_get_by_index(1)?,
                    person_id: row.try_get_by_index(2)?,
                    rework_id: row.try_get_by_index(3)?,
                    expires_at: row.try_get_by_index(4)?,
                },
                project: row.try_get_by_index(5)?,
                state: row.try_get_by_index(6)?,
                claimed_at: row.try_get_by_index(7)?,
                submit_key: row.try_get_by_index(8)?,
                request_hash: row.try_get_by_index(9)?,
                data: row.try_get_by_index(10)?,
                overlap: row.try_get_by_index(11)?,
            };
            found.insert(Self { claim: held.brief.id, person: held.brief.person_id }, held);
        }
        Ok(found)
    }
}

/// Each once: two people may have asked for one.
fn claims(claims: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    claims.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Claims as their holder sees them, in this order.
#[derive(Debug, Clone)]
pub(crate) struct Views {
    pub(crate) person: Uuid,
    pub(crate) claims: Vec<Uuid>,
}

impl Deed for Views {
    type Answer = Vec<ClaimView>;

    fn lane(&self) -> Uuid {
        self.person
    }

    async fn together(db: Db, deeds: Arc<[Self]>) -> Result<Vec<Option<Self::Answer>>> {
        let all: Vec<Uuid> = deeds.iter().flat_map(|deed| deed.claims.iter().copied()).collect();
        let mut found: HashMap<Uuid, ClaimView> = HashMap::new();
        for part in in_powers(&all) {
            found.extend(view::views(db.read(), part).await?.into_iter().map(|view| (view.id.0, view)));
        }
        // Asked for twice by one person: the later one is looked up again.
        let mut answers = Vec::with_capacity(deeds.len());
        for deed in &*deeds {
            let all_there = deed.claims.iter().all(|claim| found.contains_key(claim));
            answers.push(all_there.then(|| deed.claims.iter().filter_map(|claim| found.remove(claim)).collect()));
        }
        Ok(answers)
    }

    async fn alone(self, db: Db) -> Result<Self::Answer> {
        view::views(db.read(), &self.claims).await
    }
}
