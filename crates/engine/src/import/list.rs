//! The import jobs of a project.

use super::entity::import;
use super::queries;
use crate::Ctx;
use crate::error::Result;
use crate::project::access;
use domain::id::ProjectId;
use domain::import::ImportView;
use domain::policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Jobs that a list shows.
const SHOWN: u64 = 200;

/// The project's last jobs, newest first, without their problems.
pub async fn list(ctx: &Ctx, project: ProjectId) -> Result<Vec<ImportView>> {
    access::project(ctx.read(), ctx, project, Action::Import).await?;
    let rows = import::Entity::find()
        .filter(import::Column::ProjectId.eq(project.0))
        .order_by_desc(import::Column::Id)
        .limit(SHOWN)
        .all(ctx.read())
        .await?;
    rows.into_iter().map(|row| queries::bare_view(row, Vec::new())).collect()
}
