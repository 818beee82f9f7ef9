//! The caller's tokens.

use super::create_token::view;
use super::entity::token;
use crate::Ctx;
use crate::error::Result;
use domain::account::TokenView;
use domain::error::Noun;
use domain::policy::{Action, Resource};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// The caller's tokens that still open something, newest first.
pub async fn list_tokens(ctx: &Ctx) -> Result<Vec<TokenView>> {
    ctx.require(Action::Read, Resource::OwnAccount, Noun::Token)?;
    let rows = token::Entity::find()
        .filter(token::Column::PersonId.eq(ctx.person()))
        .filter(token::Column::RevokedAt.is_null())
        .filter(token::Column::ExpiresAt.gt(ctx.now().0))
        .order_by_desc(token::Column::Id)
        .all(ctx.read())
        .await?;
    // Uses are written a moment later.
    let uses = ctx.engine().db().rights().uses();
    let used = |row: token::Model| {
        let last_used_at = uses.get(&row.id).copied().or(row.last_used_at);
        view(token::Model { last_used_at, ..row })
    };
    Ok(rows.into_iter().map(used).collect())
}
