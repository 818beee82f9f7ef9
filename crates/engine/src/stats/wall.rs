//! The province at a glance.

use super::queries::{SUMS, summed};
use crate::Ctx;
use crate::error::Result;
use crate::organization::active_people;
use crate::organization::entity::{organization, region};
use domain::Words;
use domain::error::Noun;
use domain::organization::PROVINCE_GOAL;
use domain::policy::{Action, Resource};
use domain::stats::{Figures, Wall, WallRow};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Statement};
use std::collections::HashMap;
use uuid::Uuid;

/// People, who is at work, and today's figures, by region and organization against the province's goal.
pub async fn wall(ctx: &Ctx) -> Result<Wall> {
    ctx.require(Action::Measure, Resource::Platform, Noun::Platform)?;
    let db = ctx.read();
    let regions = region::Entity::find().order_by_asc(region::Column::Position).all(db).await?;
    let organizations = organization::Entity::find().order_by_asc(organization::Column::Name).all(db).await?;
    let people = active_people(db).await?;
    let today = today(ctx).await?;
    let mut wall = Wall { goal: PROVINCE_GOAL, ..Wall::default() };
    for (working, figures) in today.values() {
        wall.working_today += working;
        wall.today.add(figures);
    }
    wall.regions = regions.iter().map(|region| empty(&region.slug, Words::new(&region.zh, &region.en), None)).collect();
    for row in organizations {
        let (working_today, figures) = today.get(&Some(row.id)).copied().unwrap_or_default();
        let people = people.get(&row.id).copied().unwrap_or_default();
        wall.people += people;
        if let Some(region) = wall.regions.iter_mut().find(|region| region.key == row.region) {
            region.people += people;
            region.working_today += working_today;
            region.today.add(&figures);
        }
        let line = empty(&row.id.to_string(), Words::new(row.name, ""), Some(row.region));
        wall.organizations.push(WallRow { people, working_today, today: figures, ..line });
    }
    wall.organizations.sort_by_key(|row| std::cmp::Reverse(row.people));
    Ok(wall)
}

/// Who submitted anything today and today's figures, by the organization that the work was done for.
async fn today(ctx: &Ctx) -> Result<HashMap<Option<Uuid>, (u32, Figures)>> {
    let sql = format!(
        "SELECT d.organization_id AS organization, \
         COUNT(DISTINCT CASE WHEN d.submitted + d.rework + d.extra > 0 THEN d.person_id END) AS people, {SUMS} \
         FROM day_figures d WHERE d.day = $1 GROUP BY d.organization_id"
    );
    let db = ctx.read();
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [ctx.now().day().0.into()]);
    let mut today = HashMap::new();
    for row in db.query_all_raw(statement).await? {
        let people: i64 = row.try_get("", "people")?;
        let figures = (u32::try_from(people).unwrap_or(u32::MAX), summed(&row)?);
        today.insert(row.try_get("", "organization")?, figures);
    }
    Ok(today)
}

fn empty(key: &str, name: Words, region: Option<String>) -> WallRow {
    WallRow { key: key.to_owned(), name, region, people: 0, working_today: 0, today: Figures::default() }
}
