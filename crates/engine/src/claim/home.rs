//! The annotator's home: where they work, what came back, how their days went.

use super::entity::rework;
use crate::Ctx;
use crate::account::arrival::{ProjectOf, RolesOf};
use crate::error::Result;
use crate::item::entity::item;
use crate::project::entity::project;
use crate::project::queries;
use crate::stats::entity::day_figure;
use crate::stats::queries::figures;
use domain::claim::{Home, HomeProject, HomeRework};
use domain::error::Noun;
use domain::id::{ItemId, ProjectId};
use domain::policy::{Action, Resource};
use domain::project::{ProjectRole, Status};
use domain::stats::{DayFigures, Figures};
use domain::time::{Day, Millis};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Days of own figures on the home.
const DAYS: i32 = 14;
/// Returned items on the home.
const REWORK_MAX: u64 = 20;

/// The annotator's home: projects in which the caller annotates and that have begun, returned work, figures.
pub async fn home(ctx: &Ctx) -> Result<Home> {
    ctx.require(Action::Read, Resource::Projects, Noun::Project)?;
    let db = ctx.read();
    let arrivals = ctx.engine().arrivals();
    let roles = arrivals.roles.run(ctx.engine().db(), RolesOf(ctx.person())).await?.unwrap_or_default();
    let mine =
        roles.iter().filter(|(_, role)| **role == ProjectRole::Annotator).map(|(project, _)| ProjectOf(*project));
    let rows = arrivals.projects.run_all(ctx.engine().db(), mine).await?;
    let mut rows: Vec<Arc<project::Model>> = rows.into_iter().flatten().collect();
    rows.sort_by_key(|row| (row.created_at, row.id));
    let waiting: Vec<(Uuid, i64)> = rework::Entity::find()
        .select_only()
        .column(rework::Column::ProjectId)
        .column_as(Expr::col(rework::Column::Id).count(), "n")
        .filter(rework::Column::PersonId.eq(ctx.person()))
        .filter(rework::Column::State.eq("open"))
        .group_by(rework::Column::ProjectId)
        .into_tuple()
        .all(db)
        .await?;
    let waiting: HashMap<Uuid, i64> = waiting.into_iter().collect();
    let today = ctx.now().day();
    let (days, by_project) = days(ctx, today).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let counts = queries::counts_now(ctx, &ids).await?;
    let mut names = HashMap::new();
    let mut projects = Vec::new();
    for row in rows {
        let status: Status = serde_json::from_value(row.status.clone().into())?;
        if !matches!(status, Status::Open | Status::Paused) {
            continue;
        }
        names.insert(row.id, row.name.clone());
        let project = queries::summary(&row, Some(ProjectRole::Annotator), &counts)?;
        projects.push(HomeProject {
            waiting: project.counts.open,
            rework: waiting.get(&row.id).and_then(|n| u32::try_from(*n).ok()).unwrap_or_default(),
            today: by_project.get(&row.id).copied().unwrap_or_default(),
            project,
        });
    }
    projects.sort_by_key(|project| project.rework == 0);
    // Most have none: two statements less for each who comes.
    let rework = if waiting.is_empty() { Vec::new() } else { returned(ctx, &names).await? };
    let today = days.last().map(|day| day.figures).unwrap_or_default();
    Ok(Home { projects, rework, today, days })
}

/// The last days one by one, and today's submits by project.
async fn days(ctx: &Ctx, today: Day) -> Result<(Vec<DayFigures>, HashMap<Uuid, u64>)> {
    let first = today.plus(1 - DAYS);
    let rows = day_figure::Entity::find()
        .filter(day_figure::Column::PersonId.eq(ctx.person()))
        .filter(day_figure::Column::Day.gte(first.0))
        .filter(day_figure::Column::Day.lte(today.0))
        .all(ctx.read())
        .await?;
    let mut days: Vec<DayFigures> =
        (0..DAYS).map(|n| DayFigures { day: first.plus(n), figures: Figures::default() }).collect();
    let mut by_project = HashMap::new();
    for row in rows {
        let figures = figures(&row);
        if row.day == today.0 {
            by_project.insert(row.project_id, figures.submitted);
        }
        if let Some(day) = days.iter_mut().find(|day| day.day.0 == row.day) {
            day.figures.add(&figures);
        }
    }
    Ok((days, by_project))
}

/// The caller's returned work in these projects, the longest waiting first.
async fn returned(ctx: &Ctx, names: &HashMap<Uuid, String>) -> Result<Vec<HomeRework>> {
    let rows = rework::Entity::find()
        .filter(rework::Column::PersonId.eq(ctx.person()))
        .filter(rework::Column::State.eq("open"))
        .filter(rework::Column::ProjectId.is_in(names.keys().copied()))
        .order_by_asc(rework::Column::ReturnedAt)
        .order_by_asc(rework::Column::Id)
        .limit(REWORK_MAX)
        .all(ctx.read())
        .await?;
    let keys: Vec<(Uuid, String)> = item::Entity::find()
        .select_only()
        .columns([item::Column::Id, item::Column::Key])
        .filter(item::Column::Id.is_in(rows.iter().map(|row| row.item_id)))
        .into_tuple()
        .all(ctx.read())
        .await?;
    let keys: HashMap<Uuid, String> = keys.into_iter().collect();
    let mut returned = Vec::new();
    for row in rows {
        returned.push(HomeRework {
            project: ProjectId(row.project_id),
            project_name: names.get(&row.project_id).cloned().unwrap_or_default(),
            item: ItemId(row.item_id),
            key: keys.get(&row.item_id).cloned().unwrap_or_default(),
            reason: row.reason.map(|code| serde_json::from_value(code.into())).transpose()?,
            comment: row.comment,
            returned_at: Millis(row.returned_at),
        });
    }
    Ok(returned)
}
