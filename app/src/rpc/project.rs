//! Projects and their members.

use crate::error::AppError;
use domain::Page;
use domain::account::RosterReport;
use domain::id::ProjectId;
use domain::project::{
    MemberQuery, MemberView, NewProject, ProjectChange, ProjectRole, ProjectSummary, ProjectView, SchemaImpact,
};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde_json::Value;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// The projects that the caller may see.
#[server(prefix = "/rpc", endpoint = "list_projects", input = Json, output = Json)]
pub async fn list_projects() -> Result<Vec<ProjectSummary>, AppError> {
    told(engine::project::list(&ctx()?).await)
}

/// One project.
#[server(prefix = "/rpc", endpoint = "get_project", input = Json, output = Json)]
pub async fn get_project(project: ProjectId) -> Result<ProjectView, AppError> {
    told(engine::project::get(&ctx()?, project).await)
}

/// Opens a project.
#[server(prefix = "/rpc", endpoint = "create_project", input = Json, output = Json)]
pub async fn create_project(project: NewProject) -> Result<ProjectView, AppError> {
    told(engine::project::create(&ctx()?, project).await)
}

/// Changes a project.
#[server(prefix = "/rpc", endpoint = "change_project", input = Json, output = Json)]
pub async fn change_project(project: ProjectId, change: ProjectChange) -> Result<ProjectView, AppError> {
    told(engine::project::change(&ctx()?, project, change).await)
}

/// What a schema would do to the annotations that exist.
#[server(prefix = "/rpc", endpoint = "preview_schema_impact", input = Json, output = Json)]
pub async fn preview_schema_impact(project: ProjectId, schema: Value) -> Result<SchemaImpact, AppError> {
    told(engine::project::schema_impact(&ctx()?, project, schema).await)
}

/// A page of a project's members.
#[server(prefix = "/rpc", endpoint = "list_members", input = Json, output = Json)]
pub async fn list_members(project: ProjectId, query: MemberQuery) -> Result<Page<MemberView>, AppError> {
    told(engine::project::members(&ctx()?, project, query).await)
}

/// Adds a member or changes their role.
#[server(prefix = "/rpc", endpoint = "set_member", input = Json, output = Json)]
pub async fn set_member(project: ProjectId, username: String, role: ProjectRole) -> Result<MemberView, AppError> {
    told(engine::project::set_member(&ctx()?, project, username, role).await)
}

/// Takes a member out.
#[server(prefix = "/rpc", endpoint = "remove_member", input = Json, output = Json)]
pub async fn remove_member(project: ProjectId, username: String) -> Result<(), AppError> {
    told(engine::project::remove_member(&ctx()?, project, username).await)
}

/// Adds the members of a list.
#[server(prefix = "/rpc", endpoint = "import_members", input = Json, output = Json)]
pub async fn import_members(project: ProjectId, csv: String) -> Result<RosterReport, AppError> {
    told(engine::project::import_members(&ctx()?, project, csv.into_bytes()).await)
}

/// A guideline as it will look.
#[server(prefix = "/rpc", endpoint = "preview_markdown", input = Json, output = Json)]
pub async fn preview_markdown(text: String) -> Result<String, AppError> {
    // Needs no right but a session, so that strangers cannot have the server render for them.
    ctx()?;
    Ok(engine::project::render_markdown(&text))
}
