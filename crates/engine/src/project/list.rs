//! The projects that the caller may see.

use super::entity::project;
use super::queries;
use crate::Ctx;
use crate::account::arrival::{ProjectOf, RolesOf};
use crate::error::Result;
use domain::account::PlatformRole;
use domain::error::Noun;
use domain::policy::{Action, Resource};
use domain::project::ProjectSummary;
use sea_orm::EntityTrait;
use std::sync::Arc;
use uuid::Uuid;

/// The projects that the caller may see, newest first: all for operators, one's own for everybody else.
pub async fn list(ctx: &Ctx) -> Result<Vec<ProjectSummary>> {
    ctx.require(Action::Read, Resource::Projects, Noun::Project)?;
    let (db, arrivals) = (ctx.engine().db(), ctx.engine().arrivals());
    let roles = arrivals.roles.run(db, RolesOf(ctx.person())).await?.unwrap_or_default();
    let mut rows: Vec<Arc<project::Model>> = if ctx.actor().role == PlatformRole::Operator {
        project::Entity::find().all(db.read()).await?.into_iter().map(Arc::new).collect()
    } else {
        let own = arrivals.projects.run_all(db, roles.keys().copied().map(ProjectOf)).await?;
        own.into_iter().flatten().collect()
    };
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let counts = queries::counts_now(ctx, &ids).await?;
    rows.iter().map(|row| queries::summary(row, roles.get(&row.id).copied(), &counts)).collect()
}
