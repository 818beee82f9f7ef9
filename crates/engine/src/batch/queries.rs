//! Batches and inspections read as views.

use super::entity::batch;
use crate::annotation::queries::names;
use crate::error::Result;
use crate::inspection::entity::inspection;
use domain::batch::{BatchState, BatchView, InspectionSummary};
use domain::id::{BatchId, InspectionId, PersonId, ProjectId};
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// Reads a stored state.
pub(crate) fn state(row: &batch::Model) -> Result<BatchState> {
    Ok(serde_json::from_value(row.state.clone().into())?)
}

/// These batches in their order, each with its running or last inspection.
pub(crate) async fn views(db: &impl ConnectionTrait, rows: &[batch::Model]) -> Result<Vec<BatchView>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let inspections = inspection::Entity::find()
        .filter(inspection::Column::BatchId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(inspection::Column::StartedAt)
        .order_by_asc(inspection::Column::Id)
        .all(db)
        .await?;
    let mut last: HashMap<Uuid, inspection::Model> = HashMap::new();
    for inspection in inspections {
        last.insert(inspection.batch_id, inspection);
    }
    let people = last.values().map(|row| row.reviewer_id).chain(rows.iter().filter_map(|row| row.decided_by));
    let people = names(db, people).await?;
    let username = |id: Uuid| people.get(&id).map(|name| name.0.clone()).unwrap_or_default();
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let inspection = last.get(&row.id).map(|last| summary_with(last, username(last.reviewer_id))).transpose()?;
        views.push(BatchView {
            id: BatchId(row.id),
            project: ProjectId(row.project_id),
            number: whole(row.number),
            size: whole(row.size),
            state: state(row)?,
            created_at: Millis(row.created_at),
            inspection,
            decided_at: row.decided_at.map(Millis),
            decided_by: row.decided_by.map(username),
            reason: row.reason.clone(),
        });
    }
    Ok(views)
}

/// One batch as a view.
pub(crate) async fn view(db: &impl ConnectionTrait, row: batch::Model) -> Result<BatchView> {
    let view = views(db, &[row]).await?.into_iter().next();
    Ok(view.ok_or_else(|| anyhow::anyhow!("a batch without a view"))?)
}

/// An inspection in figures.
pub(crate) async fn summary(db: &impl ConnectionTrait, row: &inspection::Model) -> Result<InspectionSummary> {
    let people = names(db, [row.reviewer_id]).await?;
    let reviewer = people.get(&row.reviewer_id).map(|name| name.0.clone()).unwrap_or_default();
    summary_with(row, reviewer)
}

fn summary_with(row: &inspection::Model, reviewer_name: String) -> Result<InspectionSummary> {
    Ok(InspectionSummary {
        id: InspectionId(row.id),
        reviewer: PersonId(row.reviewer_id),
        reviewer_name,
        plan: serde_json::from_str(&row.plan)?,
        seed: row.seed.clone(),
        lot_hash: row.lot_hash.clone(),
        n: whole(row.n),
        ac: whole(row.ac),
        re: whole(row.re),
        passed: whole(row.passed),
        failed: whole(row.failed),
        fixed: whole(row.fixed),
        started_at: Millis(row.started_at),
    })
}

fn whole(n: i32) -> u32 {
    u32::try_from(n).unwrap_or_default()
}
