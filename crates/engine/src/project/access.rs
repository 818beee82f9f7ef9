//! The door to a project: loads it with the caller's role and authorises. There is no other way to get one.

use super::entity::{member, project};
use crate::Ctx;
use crate::error::Result;
use domain::Error;
use domain::error::Noun;
use domain::id::ProjectId;
use domain::policy::{Action, Resource, may};
use domain::project::{Modality, ProjectRole, Settings, Status};
use sea_orm::{ConnectionTrait, EntityTrait};

/// A project that the caller may do something with.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// The row.
    pub(crate) row: project::Model,
    /// The caller's role in it.
    pub(crate) role: Option<ProjectRole>,
    /// The settings, parsed.
    pub(crate) settings: Settings,
    /// The modality, parsed.
    pub(crate) modality: Modality,
    /// The status, parsed.
    pub(crate) status: Status,
}

impl Project {
    /// Its typed id.
    pub(crate) fn id(&self) -> ProjectId {
        ProjectId(self.row.id)
    }
}

/// Loads and authorises: a project that the caller may not even see does not exist for them.
pub(crate) async fn project(db: &impl ConnectionTrait, ctx: &Ctx, id: ProjectId, action: Action) -> Result<Project> {
    let missing = || Error::NotFound(Noun::Project);
    let row = project::Entity::find_by_id(id.0).one(db).await?.ok_or_else(missing)?;
    let role = role(db, ctx, id).await?;
    let resource = Resource::Project { role };
    if !may(ctx.actor(), Action::Read, resource) {
        if ctx.actor().must_change_password {
            return Err(Error::PasswordChangeRequired.into());
        }
        return Err(missing().into());
    }
    ctx.require(action, resource, Noun::Project)?;
    let settings = serde_json::from_str(&row.settings)?;
    let modality = serde_json::from_value(row.modality.clone().into())?;
    let status = serde_json::from_value(row.status.clone().into())?;
    Ok(Project { row, role, settings, modality, status })
}

/// The caller's role in a project.
pub(crate) async fn role(db: &impl ConnectionTrait, ctx: &Ctx, id: ProjectId) -> Result<Option<ProjectRole>> {
    let row = member::Entity::find_by_id((id.0, ctx.person())).one(db).await?;
    row.map(|row| parse_role(&row.role)).transpose()
}

/// Reads a stored role.
pub(crate) fn parse_role(code: &str) -> Result<ProjectRole> {
    Ok(serde_json::from_value(code.into())?)
}
