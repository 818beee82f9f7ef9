//! A page of items.

use super::entity::item;
use super::{access, queries};
use crate::Ctx;
use crate::error::Result;
use crate::{page, project};
use domain::error::Noun;
use domain::id::{ItemId, ProjectId};
use domain::item::{ItemQuery, ItemRow};
use domain::policy::Action;
use domain::{Error, Page};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Rows of a page when the caller does not say.
const LIMIT: u32 = 50;
/// The most rows of a page.
const LIMIT_MAX: u32 = 500;

/// A page of items in the order of their coming.
pub async fn list(ctx: &Ctx, project: ProjectId, query: ItemQuery) -> Result<Page<ItemRow>> {
    let found = project::access::project(ctx.read(), ctx, project, Action::Read).await?;
    if !access::sees_all(ctx, found.role) {
        return Err(Error::NotAllowed(Action::Read, Noun::Item).into());
    }
    let limit = usize::try_from(query.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX)).unwrap_or(usize::MAX);
    let mut select = item::Entity::find().filter(item::Column::ProjectId.eq(project.0));
    if let Some(state) = query.state {
        select = select.filter(item::Column::State.eq(state.code()));
    }
    if let Some(prefix) = query.key.filter(|prefix| !prefix.is_empty()) {
        if ctx.engine().db().backend() == DbBackend::Sqlite {
            // SQLite compares text by its bytes: this finds the place in the index of keys.
            select = select.filter(item::Column::Key.gte(prefix.clone()));
            select = select.filter(item::Column::Key.lt(format!("{prefix}\u{10FFFF}")));
        }
        let chars = i32::try_from(prefix.chars().count()).unwrap_or(i32::MAX);
        let begin = Func::cust("substr").args([Expr::col(item::Column::Key), Expr::val(1), Expr::val(chars)]);
        select = select.filter(Expr::expr(begin).eq(prefix));
    }
    if let Some(after) = query.after {
        let after: ItemId = after.parse().map_err(|_unreadable| page::bad_cursor())?;
        select = select.filter(item::Column::Id.gt(after.0));
    }
    let wanted = u64::try_from(limit + 1).unwrap_or(u64::MAX);
    let rows = select.order_by_asc(item::Column::Id).limit(wanted).all(ctx.read()).await?;
    let Page { rows, next } = Page::cut(rows, limit, |row| ItemId(row.id).to_string());
    Ok(Page { rows: rows.iter().map(queries::row_view).collect::<Result<_>>()?, next })
}
