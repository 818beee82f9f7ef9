//! What the caller may review now.

use super::entity::batch;
use super::queries;
use crate::Ctx;
use crate::error::Result;
use crate::inspection::holder;
use crate::project::entity::member;
use domain::batch::BatchView;
use domain::error::Noun;
use domain::policy::{Action, Resource};
use domain::project::ProjectRole;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Batches of one list at most.
const ROWS_MAX: u64 = 200;

/// Batches in all projects where the caller reviews: those in their own hands and those in nobody's, oldest first.
pub async fn reviewable(ctx: &Ctx) -> Result<Vec<BatchView>> {
    ctx.require(Action::Read, Resource::Projects, Noun::Project)?;
    let db = ctx.read();
    let mine: Vec<Uuid> = member::Entity::find()
        .select_only()
        .column(member::Column::ProjectId)
        .filter(member::Column::PersonId.eq(ctx.person()))
        .filter(member::Column::Role.eq(ProjectRole::Reviewer.code()))
        .into_tuple()
        .all(db)
        .await?;
    let rows = batch::Entity::find()
        .filter(batch::Column::ProjectId.is_in(mine))
        .filter(batch::Column::State.is_in(["waiting", "inspecting"]))
        .order_by_asc(batch::Column::CreatedAt)
        .order_by_asc(batch::Column::Id)
        .limit(ROWS_MAX)
        .all(db)
        .await?;
    let held = holder::of(db, &rows.iter().map(|row| row.id).collect::<Vec<_>>(), ctx.now()).await?;
    let free: Vec<batch::Model> =
        rows.into_iter().filter(|row| held.get(&row.id).is_none_or(|holder| *holder == ctx.person())).collect();
    queries::views(db, &free).await
}
