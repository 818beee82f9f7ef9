//! Switches an account on or off.

use super::entity::person;
use super::queries;
use crate::Ctx;
use crate::account::rights;
use crate::account::session;
use crate::db::one_at_a_time;
use crate::error::Result;
use crate::event::{self, Event};
use crate::project::queries::code;
use domain::Error;
use domain::account::{PersonView, PlatformRole};
use domain::error::{Conflict, Noun};
use domain::id::PersonId;
use domain::policy::{Action, Resource};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Switches an account on or off. Off ends its sessions and tokens at once; its work stays. Refuses to switch off the
/// last operator.
pub async fn set_active(ctx: &Ctx, person: PersonId, active: bool) -> Result<PersonView> {
    ctx.require(Action::Administer, Resource::People { own: false }, Noun::Person)?;
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            // Or two operators who deactivate each other would each count the other.
            one_at_a_time(tx, "operators").await?;
            let found = person::Entity::find_by_id(person.0).one(tx).await?.ok_or(Error::NotFound(Noun::Person))?;
            if found.active == active {
                return queries::view(tx, found).await;
            }
            let operator = code(PlatformRole::Operator)?;
            if !active && found.role == operator {
                let operators = person::Entity::find()
                    .filter(person::Column::Role.eq(operator))
                    .filter(person::Column::Active.eq(true))
                    .count(tx)
                    .await?;
                if operators <= 1 {
                    return Err(Conflict::LastOperator.into());
                }
            }
            rights::changed();
            person::Entity::update_many()
                .col_expr(person::Column::Active, Expr::value(active))
                .filter(person::Column::Id.eq(found.id))
                .exec(tx)
                .await?;
            if !active {
                session::delete_of(tx, found.id).await?;
                session::revoke_tokens_of(tx, ctx2.now(), found.id).await?;
            }
            let deed = Event {
                person: Some(ctx2.person()),
                project: None,
                item: None,
                kind: if active { "person.activated" } else { "person.deactivated" },
                data: serde_json::json!({ "person": found.id }),
            };
            event::record(tx, ctx2.now(), deed).await?;
            queries::view(tx, person::Model { active, ..found }).await
        })
    });
    write.await
}
