//! Organizations, teams, regions.

use crate::error::AppError;
use domain::id::OrganizationId;
use domain::organization::{OrganizationView, Region, TeamView};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// The regions.
#[server(prefix = "/rpc", endpoint = "list_regions", input = Json, output = Json)]
pub async fn list_regions() -> Result<Vec<Region>, AppError> {
    told(engine::organization::regions(&ctx()?).await)
}

/// Every organization with its teams.
#[server(prefix = "/rpc", endpoint = "list_organizations", input = Json, output = Json)]
pub async fn list_organizations() -> Result<Vec<OrganizationView>, AppError> {
    told(engine::organization::list(&ctx()?).await)
}

/// Makes an organization.
#[server(prefix = "/rpc", endpoint = "create_organization", input = Json, output = Json)]
pub async fn create_organization(name: String, region: String) -> Result<OrganizationView, AppError> {
    told(engine::organization::create(&ctx()?, name, region).await)
}

/// Makes a team.
#[server(prefix = "/rpc", endpoint = "create_team", input = Json, output = Json)]
pub async fn create_team(organization: OrganizationId, name: String) -> Result<TeamView, AppError> {
    told(engine::organization::create_team(&ctx()?, organization, name).await)
}
