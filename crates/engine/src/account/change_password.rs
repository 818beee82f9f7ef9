//! The caller replaces their own password.

use super::password::{self, Origin};
use super::session;
use super::sign_in::reserve;
use super::throttle::{self, Key};
use crate::Ctx;
use crate::account::rights;
use crate::error::Result;
use crate::event::{self, Event};
use crate::person::entity::person;
use domain::error::Noun;
use domain::policy::{Action, Resource};
use domain::{Error, Problem};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Changes the caller's password and ends all their browser sessions: who called from one has to be given a new one.
///
/// Refuses a wrong old password (counted like a failed sign-in) and a new one that breaks the rules or is the old one.
pub async fn change_password(ctx: &Ctx, old: String, new: String) -> Result<()> {
    ctx.require(Action::Change, Resource::OwnAccount, Noun::Person)?;
    let username = ctx.actor().username.clone();
    let mut problems: Vec<Problem> = password::check("new", &username, &new).into_iter().collect();
    if old == new {
        let (zh, en) = ("新密码不能与旧密码相同。", "The new password must differ from the old one.");
        problems.push(Problem::new("new", "unchanged", zh, en));
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let account = Key::Account(username);
    let row = person::Entity::find_by_id(ctx.person()).one(ctx.read()).await?;
    let row = row.ok_or(Error::SignInRequired)?;
    let place = password::place(ctx.engine()).await?;
    reserve(ctx.engine(), account.clone(), account.clone()).await?;
    let fits = password::fits(ctx.engine(), old, Some(row.password_hash)).await?;
    drop(place);
    if !fits {
        let (zh, en) = ("原密码不对。", "The old password is wrong.");
        return Err(Error::invalid("old", "wrong-password", zh, en).into());
    }
    let hash = password::hash(ctx.engine(), new, Origin::Chosen).await?;
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            rights::changed();
            person::Entity::update_many()
                .col_expr(person::Column::PasswordHash, Expr::value(hash))
                .col_expr(person::Column::MustChangePassword, Expr::value(false))
                .filter(person::Column::Id.eq(ctx2.person()))
                .exec(tx)
                .await?;
            throttle::clear(tx, &account).await?;
            session::delete_of(tx, ctx2.person()).await?;
            let deed = Event {
                person: Some(ctx2.person()),
                project: None,
                item: None,
                kind: "account.password_changed",
                data: serde_json::json!({}),
            };
            event::record(tx, ctx2.now(), deed).await
        })
    });
    write.await
}
