//! Regions, organizations and teams.

use axum::http::StatusCode;
use domain::id::OrganizationId;
use domain::organization::{OrganizationView, TeamView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::extract::{Json, Path};
use super::shape::{List, Text};
use crate::identity::Caller;
use crate::problem::Refusal;

/// A region that figures roll up to.
#[derive(Serialize, ToSchema)]
pub struct Region {
    /// The key.
    slug: String,
    title: Text,
    /// The code of GB/T 2260, where there is one.
    gb_code: Option<String>,
}

impl From<domain::organization::Region> for Region {
    fn from(region: domain::organization::Region) -> Self {
        Self { slug: region.slug, title: region.title.into(), gb_code: region.gb_code }
    }
}

/// A labeling firm, base or school.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    id: Uuid,
    name: String,
    /// The region's slug.
    region: String,
    teams: Vec<Team>,
    /// Active people.
    people: u32,
}

/// A team of an organization.
#[derive(Serialize, ToSchema)]
pub struct Team {
    id: Uuid,
    name: String,
}

impl From<OrganizationView> for Organization {
    fn from(view: OrganizationView) -> Self {
        Self {
            id: view.id.0,
            name: view.name,
            region: view.region,
            teams: view.teams.into_iter().map(Into::into).collect(),
            people: view.people,
        }
    }
}

impl From<TeamView> for Team {
    fn from(view: TeamView) -> Self {
        Self { id: view.id.0, name: view.name }
    }
}

/// A new organization.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    /// Unique.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// A slug of `GET /api/v1/regions`.
    #[schema(min_length = 1, max_length = 40)]
    region: String,
}

/// A new team.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// Unique in the organization.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
}

/// The regions, in official order.
#[utoipa::path(get, path = "/api/v1/regions", tag = "people", security(("bearer" = [])),
    responses((status = 200, description = "The regions.", body = List<Region>)))]
pub async fn list_regions(Caller(ctx): Caller) -> Result<Json<List<Region>>, Refusal> {
    Ok(Json(List::of(engine::organization::regions(&ctx).await?)))
}

/// Every organization with its teams.
#[utoipa::path(get, path = "/api/v1/organizations", tag = "people", security(("bearer" = [])),
    responses((status = 200, description = "The organizations.", body = List<Organization>)))]
pub async fn list_organizations(Caller(ctx): Caller) -> Result<Json<List<Organization>>, Refusal> {
    Ok(Json(List::of(engine::organization::list(&ctx).await?)))
}

/// Add an organization.
#[utoipa::path(post, path = "/api/v1/organizations", tag = "people", security(("bearer" = [])),
    request_body = NewOrganization,
    responses((status = 201, description = "The organization.", body = Organization)))]
pub async fn create_organization(
    Caller(ctx): Caller,
    Json(new): Json<NewOrganization>,
) -> Result<(StatusCode, Json<Organization>), Refusal> {
    let made = engine::organization::create(&ctx, new.name, new.region).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Add a team to an organization.
#[utoipa::path(post, path = "/api/v1/organizations/{id}/teams", tag = "people", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The organization.")), request_body = NewTeam,
    responses((status = 201, description = "The team.", body = Team)))]
pub async fn create_team(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<NewTeam>,
) -> Result<(StatusCode, Json<Team>), Refusal> {
    let made = engine::organization::create_team(&ctx, OrganizationId(id), new.name).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}
