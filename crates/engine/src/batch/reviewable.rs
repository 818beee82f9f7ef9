//! What the caller may review now.

use super::entity::batch;
use super::queries;
use crate::Ctx;
use crate::db::rows::raw;
use crate::error::Result;
use crate::inspection::holder;
use domain::batch::BatchView;
use domain::error::Noun;
use domain::policy::{Action, Resource};
use domain::project::ProjectRole;
use sea_orm::EntityTrait;

/// Batches of one list at most.
const ROWS_MAX: u64 = 200;

/// Batches in all projects where the caller reviews: those in their own hands and those in nobody's, oldest first; the first
/// 200, which is more than a day's work.
pub async fn reviewable(ctx: &Ctx) -> Result<Vec<BatchView>> {
    ctx.require(Action::Read, Resource::Projects, Noun::Project)?;
    let db = ctx.read();
    let sql = format!(
        "SELECT b.* FROM batches b JOIN members m ON m.project_id = b.project_id AND m.person_id = $1 AND m.role = $2 \
         WHERE b.state IN ('waiting', 'inspecting') AND {} ORDER BY b.created_at, b.id LIMIT {ROWS_MAX}",
        holder::free_for("$1", "$3")
    );
    let values = [ctx.person().into(), ProjectRole::Reviewer.code().into(), ctx.now().0.into()];
    let rows = batch::Entity::find().from_raw_sql(raw(db, &sql, values)).all(db).await?;
    queries::views(db, &rows).await
}
