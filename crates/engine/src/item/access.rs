//! The door to an item: loads it with its project and authorises.

use super::entity::item;
use crate::Ctx;
use crate::annotation::entity::annotation;
use crate::claim::entity::claim;
use crate::error::{Error, Result};
use crate::project::access::{self, Project};
use domain::error::Noun;
use domain::id::{ItemId, ProjectId};
use domain::policy::{Action, Resource, may};
use domain::project::ProjectRole;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Loads and authorises: an item that the caller may not even see does not exist for them.
pub(super) async fn item(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    id: ItemId,
    action: Action,
) -> Result<(item::Model, Project)> {
    let missing = || Error::from(domain::Error::NotFound(Noun::Item));
    let row = item::Entity::find_by_id(id.0).one(db).await?.ok_or_else(missing)?;
    let project = access::project(db, ctx, ProjectId(row.project_id), Action::Read).await;
    let project = project.map_err(|error| match error.refusal() {
        Some(domain::Error::NotFound(_)) => missing(),
        _ => error,
    })?;
    if !sees_all(ctx, project.role) && !works_on(db, ctx, id).await? {
        return Err(missing());
    }
    ctx.require(action, Resource::Project { role: project.role }, Noun::Item)?;
    Ok((row, project))
}

/// Whether this role sees every item and everybody's work.
pub(super) fn sees_all(ctx: &Ctx, role: Option<ProjectRole>) -> bool {
    [Action::Measure, Action::Review, Action::Change]
        .into_iter()
        .any(|action| may(ctx.actor(), action, Resource::Project { role }))
}

async fn works_on(db: &impl ConnectionTrait, ctx: &Ctx, id: ItemId) -> Result<bool> {
    let held = claim::Entity::find()
        .filter(claim::Column::PersonId.eq(ctx.person()))
        .filter(claim::Column::State.eq("live"))
        .filter(claim::Column::ItemId.eq(id.0))
        .count(db)
        .await?;
    if held > 0 {
        return Ok(true);
    }
    let annotated = annotation::Entity::find()
        .filter(annotation::Column::ItemId.eq(id.0))
        .filter(annotation::Column::PersonId.eq(ctx.person()))
        .count(db)
        .await?;
    Ok(annotated > 0)
}
