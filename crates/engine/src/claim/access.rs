//! The door to a claim: only its holder gets through, and only while they annotate in its project.

use super::entity::claim;
use super::together::look::{Door, Held, Hold};
use crate::Ctx;
use crate::error::Result;
use crate::project::access::{self, Project};
use domain::Error;
use domain::error::Noun;
use domain::id::{ClaimId, ProjectId};
use domain::policy::Action;
use sea_orm::EntityTrait;
use std::sync::Arc;

/// Loads and authorises: other people's claims do not exist for the caller.
pub(crate) async fn claim(ctx: &Ctx, id: ClaimId) -> Result<(claim::Model, Arc<Project>)> {
    let row = claim::Entity::find_by_id(id.0).one(ctx.read()).await?;
    let row = row.filter(|row| row.person_id == ctx.person()).ok_or(Error::NotFound(Noun::Claim))?;
    let project = access::at_work(ctx, ProjectId(row.project_id), Action::Annotate).await?;
    Ok((row, project))
}

/// What a submit goes by: the claim without its draft, and what it knows of the item.
pub(crate) async fn held(ctx: &Ctx, id: ClaimId) -> Result<(Held, Arc<Project>)> {
    let hold = Hold { claim: id.0, person: ctx.person() };
    let held = ctx.engine().together().held.run(ctx.engine().db(), hold).await?;
    let held = held.ok_or(Error::NotFound(Noun::Claim))?;
    let project = access::at_work(ctx, ProjectId(held.project), Action::Annotate).await?;
    Ok((held, project))
}

/// The project only: drafts can be megabytes, and who saves one needs none.
pub(crate) async fn project_of(ctx: &Ctx, id: ClaimId) -> Result<Arc<Project>> {
    let door = Door { claim: id.0, person: ctx.person() };
    let project = ctx.engine().together().doors.run(ctx.engine().db(), door).await?;
    let project = project.ok_or(Error::NotFound(Noun::Claim))?;
    access::at_work(ctx, ProjectId(project), Action::Annotate).await
}
