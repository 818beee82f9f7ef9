//! The door to batches: for those who make, judge or measure work, not for its authors.

use super::entity::batch;
use crate::Ctx;
use crate::error::{Error, Result};
use crate::project::access::{self, Project};
use domain::error::Noun;
use domain::id::{BatchId, ProjectId};
use domain::policy::{Action, Resource, may};
use sea_orm::{ConnectionTrait, EntityTrait};

/// A project whose batches the caller may see.
pub(crate) async fn project(db: &impl ConnectionTrait, ctx: &Ctx, id: ProjectId) -> Result<Project> {
    let project = access::project(db, ctx, id, Action::Read).await?;
    let resource = Resource::Project { role: project.role };
    let sees = [Action::Create, Action::Review, Action::Measure].iter().any(|deed| may(ctx.actor(), *deed, resource));
    if sees { Ok(project) } else { Err(domain::Error::NotAllowed(Action::Read, Noun::Batch).into()) }
}

/// Loads and authorises: a batch of a project that the caller may not even see does not exist for them.
pub(crate) async fn batch(db: &impl ConnectionTrait, ctx: &Ctx, id: BatchId) -> Result<(batch::Model, Project)> {
    let missing = || Error::Refused(domain::Error::NotFound(Noun::Batch));
    let row = batch::Entity::find_by_id(id.0).one(db).await?.ok_or_else(missing)?;
    match project(db, ctx, ProjectId(row.project_id)).await {
        Ok(project) => Ok((row, project)),
        Err(Error::Refused(domain::Error::NotFound(_))) => Err(missing()),
        Err(other) => Err(other),
    }
}
