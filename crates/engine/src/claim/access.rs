//! The door to a claim: only its holder gets through, and only while they annotate in its project.

use super::entity::claim;
use crate::Ctx;
use crate::error::Result;
use crate::project::access::{self, Project};
use domain::Error;
use domain::error::Noun;
use domain::id::{ClaimId, ProjectId};
use domain::policy::Action;
use sea_orm::{ConnectionTrait, EntityTrait};

/// Loads and authorises: other people's claims do not exist for the caller.
pub(crate) async fn claim(db: &impl ConnectionTrait, ctx: &Ctx, id: ClaimId) -> Result<(claim::Model, Project)> {
    let row = claim::Entity::find_by_id(id.0).one(db).await?;
    let row = row.filter(|row| row.person_id == ctx.person()).ok_or(Error::NotFound(Noun::Claim))?;
    let project = access::project(db, ctx, ProjectId(row.project_id), Action::Annotate).await?;
    Ok((row, project))
}
