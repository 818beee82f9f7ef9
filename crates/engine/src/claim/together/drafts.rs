//! Drafts of many people.

use crate::claim::save_draft::save;
use crate::db::Db;
use crate::db::joint::Deed;
use crate::db::rows::{in_parts, raw, with};
use crate::error::Result;
use domain::time::Millis;
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// A draft that its author may save.
#[derive(Debug, Clone)]
pub(crate) struct Save {
    pub(crate) claim: Uuid,
    pub(crate) project: Uuid,
    pub(crate) value: Arc<str>,
    pub(crate) sequence: i64,
    pub(crate) active_ms: i64,
    pub(crate) now: Millis,
}

/// Writes the drafts of the rows `v (claim, body, sequence, active_ms, saved_at)` into live claims.
pub(crate) const SAVE: &str = "UPDATE claims SET draft = v.body, draft_sequence = v.sequence, \
     draft_active_ms = v.active_ms, draft_saved_at = v.saved_at FROM v WHERE claims.id = coalesce(v.claim, v.claim) \
     AND CASE WHEN claims.state = 'live' AND claims.draft_sequence <= v.sequence THEN TRUE END RETURNING id";

impl Deed for Save {
    type Answer = ();

    fn lane(&self) -> Uuid {
        self.project
    }

    async fn together(db: Db, deeds: Arc<[Self]>) -> Result<Vec<Option<()>>> {
        db.write(move |tx| {
            Box::pin(async move {
                // One of each claim, in their order; a second draft of one comes after it, alone.
                let mut first: BTreeMap<Uuid, usize> = BTreeMap::new();
                for (at, deed) in deeds.iter().enumerate() {
                    first.entry(deed.claim).or_insert(at);
                }
                let first: Vec<usize> = first.into_values().collect();
                let mut saved: HashSet<Uuid> = HashSet::new();
                for part in in_parts(tx, &first) {
                    let rows = part.iter().filter_map(|at| deeds.get(*at)).map(|deed| {
                        [
                            deed.claim.into(),
                            (*deed.value).into(),
                            deed.sequence.into(),
                            deed.active_ms.into(),
                            deed.now.0.into(),
                        ]
                    });
                    let (sql, values) = with(tx, ["claim", "body", "sequence", "active_ms", "saved_at"], rows);
                    for row in tx.query_all_raw(raw(tx, &(sql + SAVE), values)).await? {
                        saved.insert(row.try_get_by_index(0)?);
                    }
                }
                Ok(deeds.iter().map(|deed| saved.remove(&deed.claim).then_some(())).collect())
            })
        })
        .await
    }

    async fn alone(self, db: Db) -> Result<()> {
        db.write(move |tx| Box::pin(async move { save(tx, &self).await })).await
    }
}
