//! Batches against their items.

use super::{Audit, PAGE};
use crate::batch::entity::{batch, batch_item};
use crate::error::Result;
use crate::item::entity::item;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

pub(super) async fn check(audit: &mut Audit<'_>) -> Result<()> {
    let mut after: Option<Uuid> = None;
    loop {
        let mut select = batch::Entity::find();
        if let Some(after) = after {
            select = select.filter(batch::Column::Id.gt(after));
        }
        let rows = select.order_by_asc(batch::Column::Id).limit(PAGE).all(&audit.tx).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.id);
        audit.count("batches", rows.len());
        for row in rows {
            one(audit, &row).await?;
        }
    }
}

async fn one(audit: &mut Audit<'_>, row: &batch::Model) -> Result<()> {
    let members = batch_item::Entity::find().filter(batch_item::Column::BatchId.eq(row.id)).count(&audit.tx).await?;
    let size = u64::try_from(row.size).unwrap_or_default();
    audit.expect(members == size, || format!("batch {} has {members} items instead of {size}", row.id));
    let held = item::Entity::find()
        .filter(item::Column::ProjectId.eq(row.project_id))
        .filter(item::Column::State.eq("in_review"))
        .filter(item::Column::BatchId.eq(row.id))
        .count(&audit.tx)
        .await?;
    if matches!(row.state.as_str(), "waiting" | "inspecting") {
        audit.expect(held == size, || {
            format!("batch {} is {}, but holds {held} of its {size} items", row.id, row.state)
        });
        audit.expect(row.decision.is_none(), || format!("batch {} is {} and decided", row.id, row.state));
    } else {
        audit.expect(held == 0, || format!("batch {} is decided, but {held} of its items are in review", row.id));
    }
    Ok(())
}
