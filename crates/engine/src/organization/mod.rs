//! Organizations, teams and regions.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
use crate::error::Result;
use crate::{Ctx, Engine};
use domain::id::OrganizationId;
use domain::organization::{OrganizationView, Region, TeamView};

/// Seeds the ten regions.
pub(crate) async fn seed_regions(engine: &Engine) -> Result<()> {
    todo!()
}
/// All regions in official order.
pub async fn regions(ctx: &Ctx) -> Result<Vec<Region>> {
    todo!()
}
/// All organizations by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<OrganizationView>> {
    todo!()
}
/// Makes an organization.
pub async fn create(ctx: &Ctx, name: String, region: String) -> Result<OrganizationView> {
    todo!()
}
/// Makes a team.
pub async fn create_team(ctx: &Ctx, organization: OrganizationId, name: String) -> Result<TeamView> {
    todo!()
}
