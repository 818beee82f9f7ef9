//! Who holds a batch: the reviewer of its running inspection, until they have been away for too long.

use super::entity::inspection;
use crate::db::rows::raw;
use crate::error::Result;
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// A begun inspection holds its batch so long after the last verdict.
const BEGUN_MS: i64 = 24 * 3_600_000;
/// One without a verdict holds it so long after it was opened: looking in shall not block others for a day.
const OPENED_MS: i64 = 30 * 60_000;

/// The condition that an inspection `i` runs and holds its batch at a moment, which is given as a placeholder.
fn holding(now: &str) -> String {
    format!(
        "i.ended_at IS NULL AND {now} < CASE WHEN i.passed + i.failed + i.fixed = 0 THEN i.started_at + {OPENED_MS} \
         ELSE COALESCE((SELECT MAX(s.judged_at) FROM samples s WHERE s.inspection_id = i.id), i.started_at) + {BEGUN_MS} END"
    )
}

/// The condition that a batch `b` is in nobody else's hands than a person's; both are given as placeholders.
pub(crate) fn free_for(person: &str, now: &str) -> String {
    let holding = holding(now);
    format!(
        "NOT EXISTS (SELECT 1 FROM inspections i WHERE i.batch_id = b.id AND i.reviewer_id <> {person} AND {holding})"
    )
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
    let sql = format!("SELECT 1 FROM inspections i WHERE i.id = $1 AND {}", holding("$2"));
    Ok(db.query_one_raw(raw(db, &sql, [row.id.into(), now.0.into()])).await?.is_some())
}
