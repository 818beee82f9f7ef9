//! A project's batches.

use super::entity::batch;
use super::{access, queries};
use crate::Ctx;
use crate::error::Result;
use domain::batch::BatchView;
use domain::id::ProjectId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Batches of one list at most.
const ROWS_MAX: u64 = 500;

/// The project's batches, newest first; the last 500.
pub async fn list(ctx: &Ctx, project: ProjectId) -> Result<Vec<BatchView>> {
    let project = access::project(ctx.read(), ctx, project).await?;
    let rows = batch::Entity::find()
        .filter(batch::Column::ProjectId.eq(project.row.id))
        .order_by_desc(batch::Column::Number)
        .limit(ROWS_MAX)
        .all(ctx.read())
        .await?;
    queries::views(ctx.read(), &rows).await
}
