//! Draws a new one-time password for somebody who lost theirs.

use super::entity::person;
use crate::Ctx;
use crate::account::password::{self, Origin};
use crate::account::rights;
use crate::account::session;
use crate::account::throttle::{self, Key};
use crate::db::Tx;
use crate::error::Result;
use crate::event::{self, Event};
use domain::Error;
use domain::error::Noun;
use domain::id::PersonId;
use domain::policy::{Action, Resource};
use domain::time::Millis;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Draws a new one-time password. The old one, its sessions and its tokens end; a lock on the account is lifted.
pub async fn reset_password(ctx: &Ctx, person: PersonId) -> Result<String> {
    ctx.require(Action::Administer, Resource::People { own: false }, Noun::Person)?;
    let found = person::Entity::find_by_id(person.0).one(ctx.read()).await?.ok_or(Error::NotFound(Noun::Person))?;
    let drawn = password::draw();
    let hash = password::hash(ctx.engine(), drawn.clone(), Origin::Drawn).await?;
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move { replace(tx, Some(ctx2.person()), ctx2.now(), &found, hash, true).await })
    });
    write.await?;
    Ok(drawn)
}

/// Writes a password that somebody else than its owner sets.
pub(super) async fn replace(
    tx: &Tx,
    by: Option<Uuid>,
    now: Millis,
    of: &person::Model,
    hash: String,
    must_change: bool,
) -> Result<()> {
    rights::changed();
    person::Entity::update_many()
        .col_expr(person::Column::PasswordHash, Expr::value(hash))
        .col_expr(person::Column::MustChangePassword, Expr::value(must_change))
        .filter(person::Column::Id.eq(of.id))
        .exec(tx)
        .await?;
    throttle::clear(tx, &Key::Account(of.username.clone())).await?;
    session::delete_of(tx, of.id).await?;
    session::revoke_tokens_of(tx, now, of.id).await?;
    let data = serde_json::json!({ "person": of.id });
    let deed = Event { person: by, project: None, item: None, kind: "person.password_reset", data };
    event::record(tx, now, deed).await
}
