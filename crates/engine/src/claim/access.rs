//! The door to a claim: only its holder gets through, and only while they annotate in its project.

use super::entity::claim;
use crate::Ctx;
use crate::error::Result;
use crate::item::entity::item;
use crate::project::access::{self, Project};
use domain::Error;
use domain::error::Noun;
use domain::id::{ClaimId, ProjectId};
use domain::policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use std::sync::Arc;
use uuid::Uuid;

/// Loads and authorises: other people's claims do not exist for the caller.
pub(crate) async fn claim(ctx: &Ctx, id: ClaimId) -> Result<(claim::Model, Arc<Project>)> {
    let row = claim::Entity::find_by_id(id.0).one(ctx.read()).await?;
    let row = row.filter(|row| row.person_id == ctx.person()).ok_or(Error::NotFound(Noun::Claim))?;
    let project = access::at_work(ctx, ProjectId(row.project_id), Action::Annotate).await?;
    Ok((row, project))
}

/// The same with the item.
pub(crate) async fn claim_with_item(ctx: &Ctx, id: ClaimId) -> Result<(claim::Model, item::Model, Arc<Project>)> {
    let found = claim::Entity::find_by_id(id.0)
        .join(JoinType::InnerJoin, claim::to_item())
        .select_also(item::Entity)
        .one(ctx.read())
        .await?;
    let found = found.filter(|(row, _)| row.person_id == ctx.person());
    let (row, item) = found.ok_or(Error::NotFound(Noun::Claim))?;
    let item = item.ok_or_else(|| anyhow::anyhow!("the item of claim {} is gone", row.id))?;
    let project = access::at_work(ctx, ProjectId(row.project_id), Action::Annotate).await?;
    Ok((row, item, project))
}

/// The same without the row: drafts can be megabytes, and who saves one needs none.
pub(crate) async fn project_of(ctx: &Ctx, id: ClaimId) -> Result<Arc<Project>> {
    let project: Option<Uuid> = claim::Entity::find_by_id(id.0)
        .select_only()
        .column(claim::Column::ProjectId)
        .filter(claim::Column::PersonId.eq(ctx.person()))
        .into_tuple()
        .one(ctx.read())
        .await?;
    let project = project.ok_or(Error::NotFound(Noun::Claim))?;
    access::at_work(ctx, ProjectId(project), Action::Annotate).await
}
