//! The exports of a project.

use super::entity::export;
use super::queries;
use crate::Ctx;
use crate::error::Result;
use crate::project::access;
use domain::export::ExportView;
use domain::id::ProjectId;
use domain::policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Exports that a list shows.
const SHOWN: u64 = 200;

/// The project's last exports, newest first.
pub async fn list(ctx: &Ctx, project: ProjectId) -> Result<Vec<ExportView>> {
    access::project(ctx.read(), ctx, project, Action::Export).await?;
    let rows = export::Entity::find()
        .filter(export::Column::ProjectId.eq(project.0))
        .order_by_desc(export::Column::Id)
        .limit(SHOWN)
        .all(ctx.read())
        .await?;
    queries::views(ctx.read(), rows).await
}
