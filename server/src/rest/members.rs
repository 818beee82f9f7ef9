//! Members of projects and their roles.

use axum::http::StatusCode;
use domain::id::ProjectId;
use domain::project::{MemberQuery, MemberView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::extract::{Csv, Json, Path, Query};
use super::shape::{Page, RosterReport, mirror, read_limit};
use crate::identity::Caller;
use crate::problem::Refusal;

mirror! {
    /// A person's role in one project.
    ProjectRole = domain::project::ProjectRole {
        /// Sets up, imports, assigns, exports.
        Manager,
        /// Inspects batches.
        Reviewer,
        /// Labels.
        Annotator,
        /// The client who accepts and takes the data.
        Acceptor,
    }
}

/// A member of a project.
#[derive(Serialize, ToSchema)]
pub struct Member {
    person: Uuid,
    username: String,
    name: String,
    organization_name: Option<String>,
    role: ProjectRole,
    /// May sign in.
    active: bool,
}

impl From<MemberView> for Member {
    fn from(view: MemberView) -> Self {
        Self {
            person: view.person.0,
            username: view.username,
            name: view.name,
            organization_name: view.organization_name,
            role: view.role.into(),
            active: view.active,
        }
    }
}

/// The role to give.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    role: ProjectRole,
}

/// Which members.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MemberParams {
    /// Part of a user name or name.
    #[param(max_length = 60)]
    search: Option<String>,
    /// Only those with this role.
    role: Option<ProjectRole>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// The members of a project by user name.
#[utoipa::path(get, path = "/api/v1/projects/{id}/members", tag = "projects", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project."), MemberParams),
    responses((status = 200, description = "A page of members.", body = Page<Member>)))]
pub async fn list_members(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Query(params): Query<MemberParams>,
) -> Result<Json<Page<Member>>, Refusal> {
    let query = MemberQuery {
        search: params.search,
        role: params.role.map(Into::into),
        after: params.after,
        limit: read_limit(params.limit)?,
    };
    Ok(Json(Page::of(engine::project::members(&ctx, ProjectId(id), query).await?)))
}

/// Give a person a role in the project, or another one.
#[utoipa::path(put, path = "/api/v1/projects/{id}/members/{username}", tag = "projects", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project."), ("username" = String, Path, description = "The person's user name.")),
    request_body = NewRole, responses((status = 200, description = "The member.", body = Member)))]
pub async fn set_member(
    Caller(ctx): Caller,
    Path((id, username)): Path<(Uuid, String)>,
    Json(new): Json<NewRole>,
) -> Result<Json<Member>, Refusal> {
    Ok(Json(engine::project::set_member(&ctx, ProjectId(id), username, new.role.into()).await?.into()))
}

/// Take a person out of the project. What they did stays.
#[utoipa::path(delete, path = "/api/v1/projects/{id}/members/{username}", tag = "projects", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project."), ("username" = String, Path, description = "The person's user name.")),
    responses((status = 204, description = "They are no longer a member.")))]
pub async fn remove_member(
    Caller(ctx): Caller,
    Path((id, username)): Path<(Uuid, String)>,
) -> Result<StatusCode, Refusal> {
    engine::project::remove_member(&ctx, ProjectId(id), username).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give many people roles in the project.
///
/// CSV with a header and the columns `username` and `role`.
#[utoipa::path(post, path = "/api/v1/projects/{id}/members/import", tag = "projects", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project.")),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What became of each line.", body = RosterReport)))]
pub async fn import_members(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Csv(roster): Csv,
) -> Result<Json<RosterReport>, Refusal> {
    Ok(Json(engine::project::import_members(&ctx, ProjectId(id), roster).await?.into()))
}
