//! A page of people.

use super::entity::person;
use super::queries;
use crate::Ctx;
use crate::error::Result;
use crate::page;
use domain::Page;
use domain::account::{PeopleQuery, PersonView};
use domain::error::Noun;
use domain::policy::{Action, Resource, may};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// A page of people by user name. Managers see their own organization, operators everybody.
pub async fn list(ctx: &Ctx, query: PeopleQuery) -> Result<Page<PersonView>> {
    let own = ctx.actor().organization;
    let organization = if may(ctx.actor(), Action::Read, Resource::People { own: false }) {
        query.organization
    } else {
        let asked_own = own.is_some() && query.organization.is_none_or(|asked| Some(asked) == own);
        ctx.require(Action::Read, Resource::People { own: asked_own }, Noun::Person)?;
        own
    };
    let mut select = person::Entity::find().order_by_asc(person::Column::Username);
    if let Some(organization) = organization {
        select = select.filter(person::Column::OrganizationId.eq(organization.0));
    }
    if let Some(active) = query.active {
        select = select.filter(person::Column::Active.eq(active));
    }
    if let Some(after) = query.after {
        select = select.filter(person::Column::Username.gt(after));
    }
    if let Some(part) = query.search.as_deref().and_then(queries::part) {
        let part = || LikeExpr::new(part.clone()).escape('\\');
        let name = Expr::expr(Func::lower(Expr::col(person::Column::Name)));
        select = select.filter(Condition::any().add(person::Column::Username.like(part())).add(name.like(part())));
    }
    let limit = page::length(query.limit)?;
    let rows = select.limit(u64::from(limit) + 1).all(ctx.read()).await?;
    let Page { rows, next } = Page::cut(rows, usize::from(limit), |row| row.username.clone());
    Ok(Page { rows: queries::views(ctx.read(), rows).await?, next })
}
