//! A project's batches.

use super::entity::batch;
use super::{access, queries};
use crate::Ctx;
use crate::error::Result;
use crate::page;
use domain::Page;
use domain::batch::{BatchQuery, BatchView};
use domain::id::ProjectId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// A page of the project's batches, newest first.
pub async fn list(ctx: &Ctx, project: ProjectId, query: BatchQuery) -> Result<Page<BatchView>> {
    let project = access::project(ctx.read(), ctx, project).await?;
    let limit = page::length(query.limit)?;
    let mut select = batch::Entity::find().filter(batch::Column::ProjectId.eq(project.row.id));
    if let Some(state) = query.state {
        select = select.filter(batch::Column::State.eq(state.code()));
    }
    if let Some(after) = query.after {
        let after: i32 = after.parse().map_err(|_unreadable| page::bad_cursor())?;
        select = select.filter(batch::Column::Number.lt(after));
    }
    let rows = select.order_by_desc(batch::Column::Number).limit(u64::from(limit) + 1).all(ctx.read()).await?;
    let Page { rows, next } = Page::cut(rows, usize::from(limit), |row| row.number.to_string());
    Ok(Page { rows: queries::views(ctx.read(), &rows).await?, next })
}
