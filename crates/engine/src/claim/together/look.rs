//! What is read of claims before and after the writes of the queue.

use crate::claim::queries::Brief;
use crate::claim::view;
use crate::db::Db;
use crate::db::joint::Deed;
use crate::db::rows::{in_powers, place, raw};
use crate::error::Result;
use domain::claim::ClaimView;
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// Which project a claim of this person is in. Nothing where it is not theirs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Door {
    pub(crate) claim: Uuid,
    pub(crate) person: Uuid,
}

impl Deed for Door {
    type Answer = Option<Uuid>;

    fn lane(&self) -> Uuid {
        self.claim
    }

    async fn together(db: Db, deeds: Arc<[Self]>) -> Result<Vec<Option<Self::Answer>>> {
        let mut found: HashMap<Uuid, (Uuid, Uuid)> = HashMap::new();
        let sql = "SELECT id, person_id, project_id FROM claims WHERE id IN ";
        for row in of_ids(&db, sql, deeds.iter().map(|deed| deed.claim)).await? {
            found.insert(row.try_get_by_index(0)?, (row.try_get_by_index(1)?, row.try_get_by_index(2)?));
        }
        let project = |deed: &Self| {
            let (person, project) = *found.get(&deed.claim)?;
            (person == deed.person).then_some(project)
        };
        Ok(deeds.iter().map(|deed| Some(project(deed))).collect())
    }

    async fn alone(self, db: Db) -> Result<Self::Answer> {
        only(Self::together(db, Arc::from([self])).await?)
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
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hold {
    pub(crate) claim: Uuid,
    pub(crate) person: Uuid,
}

impl Deed for Hold {
    type Answer = Option<Held>;

    fn lane(&self) -> Uuid {
        self.claim
    }

    async fn together(db: Db, deeds: Arc<[Self]>) -> Result<Vec<Option<Self::Answer>>> {
        let mut found: HashMap<Uuid, Held> = HashMap::new();
        let sql = "SELECT c.id, c.item_id, c.person_id, c.rework_id, c.expires_at, c.project_id, c.state, c.claimed_at, \
                   c.submit_key, c.request_hash, i.data, i.overlap FROM claims c JOIN items i ON i.id = c.item_id \
                   WHERE c.id IN ";
        for row in of_ids(&db, sql, deeds.iter().map(|deed| deed.claim)).await? {
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
            found.insert(held.brief.id, held);
        }
        let held = |deed: &Self| found.get(&deed.claim).filter(|held| held.brief.person_id == deed.person).cloned();
        Ok(deeds.iter().map(|deed| Some(held(deed))).collect())
    }

    async fn alone(self, db: Db) -> Result<Self::Answer> {
        only(Self::together(db, Arc::from([self])).await?)
    }
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

/// The rows of `… IN` these ids, each asked for once.
async fn of_ids(db: &Db, sql: &str, ids: impl Iterator<Item = Uuid>) -> Result<Vec<QueryResult>> {
    let ids: Vec<Uuid> = ids.collect::<BTreeSet<_>>().into_iter().collect();
    let mut rows = Vec::with_capacity(ids.len());
    for part in in_powers(&ids) {
        let mut sql = sql.to_owned();
        place(&mut sql, 0, part.len());
        rows.extend(db.read().query_all_raw(raw(db.read(), &sql, part.iter().map(|id| (*id).into()))).await?);
    }
    Ok(rows)
}

/// The answer of a deed that was done with itself only.
fn only<T>(answers: Vec<Option<T>>) -> Result<T> {
    Ok(answers.into_iter().next().flatten().ok_or_else(|| anyhow::anyhow!("a deed had no answer"))?)
}
