//! Submits of many people.

use crate::annotation::entity::annotation;
use crate::claim::settle::settle_filled;
use crate::claim::submit::{Kept, Work};
use crate::db::joint::Deed;
use crate::db::rows::{in_parts, insert, raw, with};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::item::entity::item;
use crate::item::queries::complete_all;
use domain::error::Conflict;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// A checked submit. Its answer is what was stored; nothing where the claim was submitted in the meantime.
#[derive(Clone)]
pub(crate) struct Submission(pub(crate) Arc<Work>);

impl Deed for Submission {
    type Answer = Option<Kept>;

    fn lane(&self) -> Uuid {
        self.0.project
    }

    async fn together(db: Db, deeds: Arc<[Self]>) -> Result<Vec<Option<Self::Answer>>> {
        db.write(move |tx| Box::pin(async move { keep(tx, &deeds).await })).await
    }

    async fn alone(self, db: Db) -> Result<Self::Answer> {
        db.write(move |tx| Box::pin(async move { self.0.keep(tx).await })).await
    }
}

async fn keep(tx: &Tx, deeds: &[Submission]) -> Result<Vec<Option<Option<Kept>>>> {
    // One of each claim, in their order. Returned work goes its own way.
    let usual = deeds.iter().filter(|deed| deed.0.claim.rework_id.is_none());
    let first: BTreeMap<Uuid, &Work> = usual.rev().map(|deed| (deed.0.claim.id, &*deed.0)).collect();
    let closed = close(tx, &first.into_values().collect::<Vec<_>>()).await?;
    let mut kept: BTreeMap<Uuid, Kept> = BTreeMap::new();
    let mut rows: Vec<annotation::ActiveModel> = Vec::with_capacity(closed.len());
    for work in &closed {
        let (row, new) = work.annotation(1, true);
        rows.push(row);
        kept.insert(work.claim.id, new);
    }
    insert(tx, rows, "").await?;
    fill(tx, &closed).await?;
    for work in &closed {
        if let Some(kept) = kept.get(&work.claim.id) {
            work.tell(tx, kept, work.submitted()).await?;
        }
    }
    // The claim's other submit in this group, if there is one, comes alone and finds that it was submitted.
    Ok(deeds.iter().map(|deed| kept.remove(&deed.0.claim.id).map(Some)).collect())
}

/// Marks the live claims of the rows `v (claim, at, key, request)` as submitted.
pub(crate) const CLOSE: &str = "UPDATE claims SET state = 'submitted', ended_at = v.at, submit_key = v.key, \
     request_hash = v.request, draft = NULL FROM v WHERE claims.id = coalesce(v.claim, v.claim) \
     AND CASE WHEN claims.state = 'live' AND claims.request_hash IS NULL THEN TRUE END RETURNING id";

/// Marks live claims as submitted. Gives those that it was done to.
async fn close<'a>(tx: &Tx, works: &[&'a Work]) -> Result<Vec<&'a Work>> {
    let mut closed: HashSet<Uuid> = HashSet::new();
    for part in in_parts(tx, works) {
        let rows = part.iter().map(|work| {
            [work.claim.id.into(), work.now.0.into(), work.key.clone().into(), work.request.clone().into()]
        });
        let (sql, values) = with(tx, ["claim", "at", "key", "request"], rows);
        for row in tx.query_all_raw(raw(tx, &(sql + CLOSE), values)).await? {
            closed.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(works.iter().copied().filter(|work| closed.contains(&work.claim.id)).collect())
}

/// Fills the slots of claims that were closed just now, and moves on those items that lack nothing more.
async fn fill(tx: &Tx, works: &[&Work]) -> Result<()> {
    let mut by_item: BTreeMap<Uuid, Vec<&Work>> = BTreeMap::new();
    for work in works {
        by_item.entry(work.claim.item_id).or_default().push(work);
    }
    let (single, shared): (Vec<_>, Vec<_>) =
        by_item.into_values().partition(|works| matches!(works.as_slice(), [work] if work.overlap == 1));
    let single: Vec<&Work> = single.into_iter().flatten().collect();
    let rows: Vec<_> = single.iter().map(|work| (work.project, work.claim.item_id, &*work.stored, work.now)).collect();
    let completed = complete_all(tx, &rows).await?;
    for work in single.iter().filter(|work| !completed.contains(&work.claim.item_id)) {
        work.fill_item(tx).await?;
    }
    let (mut filled, mut now): (Vec<item::Model>, Millis) = (Vec::new(), Millis(i64::MIN));
    for part in in_parts(tx, &shared) {
        let rows = part.iter().filter_map(|works| {
            let count = i32::try_from(works.len()).ok()?;
            works.last().map(|work| [work.claim.item_id.into(), count.into(), work.now.0.into()])
        });
        let (sql, values) = with(tx, ["item", "n", "at"], rows);
        let sql = sql
            + "UPDATE items SET filled = filled + v.n, updated_at = v.at FROM v WHERE items.id = coalesce(v.item, v.item) RETURNING *";
        let rows = tx.query_all_raw(raw(tx, &sql, values)).await?;
        if rows.len() != part.len() {
            return Err(Conflict::Changed.into());
        }
        for row in rows {
            filled.push(item::Model::from_query_result(&row, "")?);
        }
        now = part.iter().flatten().map(|work| work.now).fold(now, Ord::max);
    }
    settle_filled(tx, &filled, now).await
}
