//! The caller's own account.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::extract::Json;
use super::members::ProjectRole;
use super::people::PlatformRole;
use crate::identity::Caller;
use crate::problem::Refusal;

/// The caller.
#[derive(Serialize, ToSchema)]
pub struct Me {
    id: Uuid,
    username: String,
    name: String,
    role: PlatformRole,
    /// The organization, if any.
    organization: Option<MyOrganization>,
    /// The roles in projects.
    roles: Vec<MyRole>,
}

/// The caller's organization.
#[derive(Serialize, ToSchema)]
pub struct MyOrganization {
    id: Uuid,
    name: String,
    team: Option<String>,
}

/// The caller's role in a project.
#[derive(Serialize, ToSchema)]
pub struct MyRole {
    project: Uuid,
    project_name: String,
    role: ProjectRole,
}

/// Who the token belongs to, with roles and organization.
#[utoipa::path(get, path = "/api/v1/me", tag = "account", security(("bearer" = [])),
    responses((status = 200, description = "The caller.", body = Me)))]
pub async fn get_me(Caller(ctx): Caller) -> Result<Json<Me>, Refusal> {
    let me = engine::account::me(&ctx).await?;
    let projects = engine::project::list(&ctx).await?;
    let role = |project: domain::project::ProjectSummary| {
        project.role.map(|role| MyRole { project: project.id.0, project_name: project.name, role: role.into() })
    };
    let organization = match (me.actor.organization, me.organization_name) {
        (Some(id), Some(name)) => Some(MyOrganization { id: id.0, name, team: me.team_name }),
        _ => None,
    };
    Ok(Json(Me {
        id: me.actor.person.0,
        username: me.actor.username,
        name: me.actor.name,
        role: me.actor.role.into(),
        organization,
        roles: projects.into_iter().filter_map(role).collect(),
    }))
}

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[schema(min_length = 1, max_length = 1000)]
    old: String,
    #[schema(min_length = 8, max_length = 128)]
    new: String,
}

/// Change the caller's password.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "account", security(("bearer" = [])),
    request_body = PasswordChange, responses((status = 204, description = "It is changed.")))]
pub async fn change_password(Caller(ctx): Caller, Json(change): Json<PasswordChange>) -> Result<StatusCode, Refusal> {
    engine::account::change_password(&ctx, change.old, change.new).await?;
    Ok(StatusCode::NO_CONTENT)
}
