//! A new team in an organization.

use super::create::checked_name;
use super::entity::{organization, team};
use crate::Ctx;
use crate::db::Tx;
use crate::error::{OnUnique, Result};
use crate::event::{self, Event};
use domain::Error;
use domain::error::{Conflict, Noun};
use domain::id::{OrganizationId, TeamId};
use domain::organization::TeamView;
use domain::policy::{Action, Resource};
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

/// Makes a team. Refuses a name that the organization has already.
pub async fn create_team(ctx: &Ctx, organization: OrganizationId, name: String) -> Result<TeamView> {
    ctx.require(Action::Create, Resource::Organizations, Noun::Team)?;
    let name = checked_name(&name)?;
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            if organization::Entity::find_by_id(organization.0).one(tx).await?.is_none() {
                return Err(Error::NotFound(Noun::Organization).into());
            }
            let id = insert(tx, &ctx2, organization.0, &name).await?;
            Ok(TeamView { id: TeamId(id), name })
        })
    });
    write.await
}

/// Writes the row and the event; rosters make teams by it too.
pub(crate) async fn insert(tx: &Tx, ctx: &Ctx, organization: Uuid, name: &str) -> Result<Uuid> {
    let id = ctx.new_id();
    let row = team::ActiveModel {
        id: Set(id),
        organization_id: Set(organization),
        name: Set(name.to_owned()),
        created_at: Set(ctx.now().0),
    };
    let inserted = team::Entity::insert(row).exec_without_returning(tx).await;
    inserted.on_unique(|| Conflict::NameTaken.into())?;
    let deed = Event {
        person: Some(ctx.person()),
        project: None,
        item: None,
        kind: "team.created",
        data: serde_json::json!({ "team": id, "organization": organization, "name": name }),
    };
    event::record(tx, ctx.now(), deed).await?;
    Ok(id)
}
