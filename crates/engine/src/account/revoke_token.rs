//! Ends a token of the caller.

use super::create_token::hash;
use super::entity::token;
use super::rights;
use crate::Ctx;
use crate::error::Result;
use crate::event::{self, Event};
use domain::Error;
use domain::error::Noun;
use domain::id::TokenId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

/// Ends a token of the caller. It needs no right but owning it: ending one's own access is always open.
pub async fn revoke_token(ctx: &Ctx, token: TokenId) -> Result<()> {
    revoke(ctx, token::Column::Id.eq(token.0)).await
}

/// Ends the token with this secret.
pub async fn revoke_secret(ctx: &Ctx, secret: &str) -> Result<()> {
    revoke(ctx, token::Column::Hash.eq(hash(secret))).await
}

async fn revoke(ctx: &Ctx, which: Expr) -> Result<()> {
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            let own = Condition::all()
                .add(which)
                .add(token::Column::PersonId.eq(ctx2.person()))
                .add(token::Column::RevokedAt.is_null());
            let found = token::Entity::find().filter(own).one(tx).await?.ok_or(Error::NotFound(Noun::Token))?;
            rights::changed();
            token::Entity::update_many()
                .col_expr(token::Column::RevokedAt, Expr::value(ctx2.now().0))
                .filter(token::Column::Id.eq(found.id))
                .exec(tx)
                .await?;
            let deed = Event {
                person: Some(ctx2.person()),
                project: None,
                item: None,
                kind: "token.revoked",
                data: serde_json::json!({ "token": found.id }),
            };
            event::record(tx, ctx2.now(), deed).await
        })
    });
    write.await
}
