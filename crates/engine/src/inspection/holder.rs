//! Who holds a batch: the reviewer of its running inspection, until they have been away for too long.

use super::entity::{inspection, sample};
use crate::error::Result;
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// A begun inspection holds its batch so long after the last verdict.
const BEGUN_MS: i64 = 24 * 3_600_000;
/// One without a verdict holds it so long after it was opened: looking in shall not block others for a day.
const OPENED_MS: i64 = 30 * 60_000;

/// The holders of these batches. A batch that nobody holds is absent.
pub(crate) async fn of(db: &impl ConnectionTrait, batches: &[Uuid], now: Millis) -> Result<HashMap<Uuid, Uuid>> {
    let mut holders = HashMap::new();
    for row in running(db, batches).await? {
        if holds(db, &row, now).await? {
            holders.insert(row.batch_id, row.reviewer_id);
        }
    }
    Ok(holders)
}

/// The running inspections of these batches: at most one each.
pub(super) async fn running(db: &impl ConnectionTrait, batches: &[Uuid]) -> Result<Vec<inspection::Model>> {
    if batches.is_empty() {
        return Ok(Vec::new());
    }
    let rows = inspection::Entity::find()
        .filter(inspection::Column::BatchId.is_in(batches.iter().copied()))
        .filter(inspection::Column::EndedAt.is_null())
        .all(db)
        .await?;
    Ok(rows)
}

/// Does this running inspection still hold its batch?
pub(super) async fn holds(db: &impl ConnectionTrait, row: &inspection::Model, now: Millis) -> Result<bool> {
    if row.passed + row.failed + row.fixed == 0 {
        return Ok(now.0 < row.started_at.saturating_add(OPENED_MS));
    }
    let last: Option<Option<i64>> = sample::Entity::find()
        .select_only()
        .column_as(sample::Column::JudgedAt.max(), "last")
        .filter(sample::Column::InspectionId.eq(row.id))
        .into_tuple()
        .one(db)
        .await?;
    let last = last.flatten().unwrap_or(row.started_at);
    Ok(now.0 < last.saturating_add(BEGUN_MS))
}
