//! The lists that forms and tables offer.

use super::entity::{organization, region, team};
use crate::Ctx;
use crate::error::Result;
use domain::Words;
use domain::error::Noun;
use domain::id::{OrganizationId, TeamId};
use domain::organization::{OrganizationView, Region, TeamView};
use domain::policy::{Action, Resource};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Statement};
use std::collections::HashMap;
use uuid::Uuid;

/// All regions in official order.
pub async fn regions(ctx: &Ctx) -> Result<Vec<Region>> {
    ctx.require(Action::Read, Resource::Organizations, Noun::Organization)?;
    let rows = region::Entity::find().order_by_asc(region::Column::Position).all(ctx.read()).await?;
    let view = |row: region::Model| Region { slug: row.slug, title: Words::new(row.zh, row.en), gb_code: row.gb_code };
    Ok(rows.into_iter().map(view).collect())
}

/// All organizations by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<OrganizationView>> {
    ctx.require(Action::Read, Resource::Organizations, Noun::Organization)?;
    let db = ctx.read();
    let organizations = organization::Entity::find().order_by_asc(organization::Column::Name).all(db).await?;
    let mut teams: HashMap<Uuid, Vec<TeamView>> = HashMap::new();
    for row in team::Entity::find().order_by_asc(team::Column::Name).all(db).await? {
        teams.entry(row.organization_id).or_default().push(TeamView { id: TeamId(row.id), name: row.name });
    }
    let mut people = active_people(db).await?;
    Ok(organizations
        .into_iter()
        .map(|row| OrganizationView {
            teams: teams.remove(&row.id).unwrap_or_default(),
            people: people.remove(&row.id).unwrap_or_default(),
            id: OrganizationId(row.id),
            name: row.name,
            region: row.region,
        })
        .collect())
}

/// Active accounts by organization. It reads accounts, of which there are tens of thousands, and no work.
pub(crate) async fn active_people(db: &impl ConnectionTrait) -> Result<HashMap<Uuid, u32>> {
    let sql = "SELECT organization_id, COUNT(*) AS n FROM people \
               WHERE organization_id IS NOT NULL AND active GROUP BY organization_id";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let mut people = HashMap::new();
    for row in rows {
        let n: i64 = row.try_get("", "n")?;
        people.insert(row.try_get("", "organization_id")?, u32::try_from(n).unwrap_or(u32::MAX));
    }
    Ok(people)
}
