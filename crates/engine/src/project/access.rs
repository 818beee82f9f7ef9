//! The door to a project: loads it with the caller's role and authorises. There is no other way to get one.

use super::entity::project;
use crate::Ctx;
use crate::account::arrival::{ProjectOf, RolesOf};
use crate::error::Result;
use domain::Error;
use domain::error::Noun;
use domain::id::ProjectId;
use domain::policy::{Action, Resource, may};
use domain::project::{Modality, ProjectRole, Settings, Status};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use std::sync::Arc;

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
    fn new(row: project::Model, role: Option<ProjectRole>) -> Result<Self> {
        let settings = serde_json::from_str(&row.settings)?;
        let modality = serde_json::from_value(row.modality.clone().into())?;
        let status = serde_json::from_value(row.status.clone().into())?;
        Ok(Self { row, role, settings, modality, status })
    }

    /// Its typed id.
    pub(crate) fn id(&self) -> ProjectId {
        ProjectId(self.row.id)
    }
}

/// The same for the deeds of the queue, many a second for each project: from what is known here, where it is.
pub(crate) async fn at_work(ctx: &Ctx, id: ProjectId, action: Action) -> Result<Arc<Project>> {
    let rights = ctx.engine().db().rights();
    let reading = rights.now(ctx.read()).await?;
    if let Some(known) = rights.project(id.0, ctx.person()) {
        authorise(ctx, known.role, action)?;
        return Ok(known);
    }
    let (db, arrivals) = (ctx.engine().db(), ctx.engine().arrivals());
    let row = arrivals.projects.run(db, ProjectOf(id.0));
    let (row, roles) = tokio::try_join!(row, arrivals.roles.run(db, RolesOf(ctx.person())))?;
    let row = row.ok_or(Error::NotFound(Noun::Project))?;
    let role = roles.and_then(|roles| roles.get(&id.0).copied());
    authorise(ctx, role, action)?;
    let project = Arc::new(Project::new(project::Model::clone(&row), role)?);
    rights.keep_project(reading, ctx.person(), &project);
    Ok(project)
}

fn authorise(ctx: &Ctx, role: Option<ProjectRole>, action: Action) -> Result<()> {
    let resource = Resource::Project { role };
    if !may(ctx.actor(), Action::Read, resource) {
        if ctx.actor().must_change_password {
            return Err(Error::PasswordChangeRequired.into());
        }
        return Err(Error::NotFound(Noun::Project).into());
    }
    ctx.require(action, resource, Noun::Project)
}

/// Loads and authorises: a project that the caller may not even see does not exist for them.
pub(crate) async fn project(db: &impl ConnectionTrait, ctx: &Ctx, id: ProjectId, action: Action) -> Result<Project> {
    let sql = "SELECT p.*, m.role AS own_role FROM projects p \
               LEFT JOIN members m ON m.project_id = p.id AND m.person_id = $2 WHERE p.id = $1";
    let values = [id.0.into(), ctx.person().into()];
    let found = db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let found = found.ok_or(Error::NotFound(Noun::Project))?;
    let row = project::Model::from_query_result(&found, "")?;
    let role = found.try_get::<Option<String>>("", "own_role")?.as_deref().map(parse_role).transpose()?;
    authorise(ctx, role, action)?;
    Project::new(row, role)
}

/// Reads a stored role.
pub(crate) fn parse_role(code: &str) -> Result<ProjectRole> {
    Ok(serde_json::from_value(code.into())?)
}
