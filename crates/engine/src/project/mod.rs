//! Projects: set-up, schema, guideline, members.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod access;
pub(crate) mod entity;

use crate::Ctx;
use crate::error::Result;
use domain::account::RosterReport;
use domain::id::ProjectId;
use domain::project::{MemberView, NewProject, ProjectChange, ProjectRole, ProjectSummary, ProjectView, SchemaImpact};

/// The projects that the caller may see.
pub async fn list(ctx: &Ctx) -> Result<Vec<ProjectSummary>> {
    todo!()
}
/// One project.
pub async fn get(ctx: &Ctx, project: ProjectId) -> Result<ProjectView> {
    todo!()
}
/// Makes a project; its maker becomes its manager.
pub async fn create(ctx: &Ctx, new: NewProject) -> Result<ProjectView> {
    todo!()
}
/// Changes a project.
pub async fn change(ctx: &Ctx, project: ProjectId, change: ProjectChange) -> Result<ProjectView> {
    todo!()
}
/// What a new schema would do to existing annotations.
pub async fn schema_impact(ctx: &Ctx, project: ProjectId, schema: serde_json::Value) -> Result<SchemaImpact> {
    todo!()
}
/// Markdown as safe HTML.
pub fn render_markdown(text: &str) -> String {
    todo!()
}
/// The members by name.
pub async fn members(ctx: &Ctx, project: ProjectId) -> Result<Vec<MemberView>> {
    todo!()
}
/// Gives a person a role.
pub async fn set_member(ctx: &Ctx, project: ProjectId, username: String, role: ProjectRole) -> Result<MemberView> {
    todo!()
}
/// Takes a person's role away.
pub async fn remove_member(ctx: &Ctx, project: ProjectId, username: String) -> Result<()> {
    todo!()
}
/// Gives roles from a CSV of user names and roles.
pub async fn import_members(ctx: &Ctx, project: ProjectId, csv: Vec<u8>) -> Result<RosterReport> {
    todo!()
}
