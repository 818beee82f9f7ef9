//! The caller's own account, as the shell shows it.

use crate::Ctx;
use crate::error::Result;
use crate::person::{entity::person, queries};
use crate::project::{access::parse_role, entity::member};
use domain::Error;
use domain::account::Me;
use domain::error::Noun;
use domain::policy::{Action, Resource};
use domain::project::ProjectRole;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

/// The caller's own account.
pub async fn me(ctx: &Ctx) -> Result<Me> {
    ctx.require(Action::Read, Resource::OwnAccount, Noun::Person)?;
    let db = ctx.read();
    let row = person::Entity::find_by_id(ctx.person()).one(db).await?.ok_or(Error::SignInRequired)?;
    let actor = queries::actor(&row)?;
    let view = queries::view(db, row).await?;
    let codes: Vec<String> = member::Entity::find()
        .select_only()
        .column(member::Column::Role)
        .distinct()
        .filter(member::Column::PersonId.eq(ctx.person()))
        .into_tuple()
        .all(db)
        .await?;
    let roles = codes.iter().map(|code| parse_role(code)).collect::<Result<Vec<ProjectRole>>>()?;
    Ok(Me {
        actor,
        organization_name: view.organization_name,
        team_name: view.team_name,
        annotates: roles.contains(&ProjectRole::Annotator),
        reviews: roles.contains(&ProjectRole::Reviewer),
        manages: roles.contains(&ProjectRole::Manager),
    })
}
