//! Figures: throughput by person, organization, region, project or day.

use domain::id::{OrganizationId, PersonId, ProjectId};
use domain::stats::{self, StatsQuery, StatsTable};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::extract::{Json, Path, Query};
use super::projects::Counts;
use super::shape::{mirror, read_day};
use crate::identity::Caller;
use crate::problem::{Problem, Refusal};

mirror! {
    /// What a row stands for.
    GroupBy = domain::stats::GroupBy {
        /// A person.
        Person,
        /// An organization.
        Organization,
        /// A region.
        Region,
        /// A project.
        Project,
        /// A day.
        Day,
    }
}

/// What one or many people did, and the rates made from it. A rate over nothing is absent.
#[derive(Serialize, ToSchema)]
pub struct Figures {
    /// Counted first submits.
    submitted: u64,
    /// Annotations of accepted items.
    accepted: u64,
    /// Rework submits.
    rework: u64,
    /// Annotations returned by review.
    returned: u64,
    skipped: u64,
    /// Late submits kept without being counted.
    extra: u64,
    /// First revisions that were inspected.
    inspected: u64,
    /// Of those, how many passed.
    passed: u64,
    /// Verdicts given.
    reviewed: u64,
    active_ms: i64,
    raw_ms: i64,
    active_hours: f64,
    /// Submits an active hour, rework included.
    per_hour: Option<f64>,
    /// Accepted annotations an active hour.
    net_per_hour: Option<f64>,
    /// The share of inspected first revisions that passed.
    first_pass_yield: Option<f64>,
}

impl From<stats::Figures> for Figures {
    fn from(figures: stats::Figures) -> Self {
        Self {
            submitted: figures.submitted,
            accepted: figures.accepted,
            rework: figures.rework,
            returned: figures.returned,
            skipped: figures.skipped,
            extra: figures.extra,
            inspected: figures.inspected,
            passed: figures.passed,
            reviewed: figures.reviewed,
            active_ms: figures.active_ms,
            raw_ms: figures.raw_ms,
            active_hours: figures.active_hours(),
            per_hour: figures.per_hour(),
            net_per_hour: figures.net_per_hour(),
            first_pass_yield: figures.first_pass_yield(),
        }
    }
}

/// A row of the table.
#[derive(Serialize, ToSchema)]
pub struct StatsRow {
    /// An id, a region's slug, or a day.
    key: String,
    name: String,
    /// The user name of a person; the region of an organization.
    detail: Option<String>,
    /// People behind the row who did anything.
    people: u32,
    figures: Figures,
}

/// Figures of one day.
#[derive(Serialize, ToSchema)]
pub struct DayRow {
    /// The day in China.
    #[schema(format = Date)]
    day: String,
    figures: Figures,
}

/// A table of figures.
#[derive(Serialize, ToSchema)]
pub struct Stats {
    rows: Vec<StatsRow>,
    total: Figures,
    /// The same by day, oldest first.
    days: Vec<DayRow>,
}

impl From<StatsTable> for Stats {
    fn from(table: StatsTable) -> Self {
        let row = |row: stats::StatsRow| StatsRow {
            key: row.key,
            name: row.name,
            detail: row.detail,
            people: row.people,
            figures: row.figures.into(),
        };
        Self {
            rows: table.rows.into_iter().map(row).collect(),
            total: table.total.into(),
            days: table
                .days
                .into_iter()
                .map(|day| DayRow { day: day.day.iso(), figures: day.figures.into() })
                .collect(),
        }
    }
}

/// A project's figures.
#[derive(Serialize, ToSchema)]
pub struct ProjectStats {
    /// Items by state, now.
    counts: Counts,
    #[serde(flatten)]
    stats: Stats,
}

/// Which days, and what a row stands for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProjectStatsParams {
    /// From this day on.
    #[param(format = Date)]
    from: Option<String>,
    /// Up to and with this day.
    #[param(format = Date)]
    to: Option<String>,
    /// What a row stands for; a person when left out.
    #[param(inline)]
    by: Option<GroupBy>,
}

/// Whose figures.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PeopleStatsParams {
    /// Only this project.
    project: Option<Uuid>,
    /// Only this organization.
    organization: Option<Uuid>,
    /// Only this person.
    person: Option<Uuid>,
    /// From this day on.
    #[param(format = Date)]
    from: Option<String>,
    /// Up to and with this day.
    #[param(format = Date)]
    to: Option<String>,
    /// What a row stands for; a person when left out.
    #[param(inline)]
    by: Option<GroupBy>,
}

/// Which days.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MyStatsParams {
    /// From this day on.
    #[param(format = Date)]
    from: Option<String>,
    /// Up to and with this day.
    #[param(format = Date)]
    to: Option<String>,
}

/// The caller's own figures, by day.
#[utoipa::path(get, path = "/api/v1/me/stats", tag = "figures", security(("bearer" = [])),
    params(MyStatsParams), responses((status = 200, description = "The figures.", body = Stats)))]
pub async fn get_my_stats(Caller(ctx): Caller, Query(params): Query<MyStatsParams>) -> Result<Json<Stats>, Refusal> {
    let (from, to) = (read_day("from", params.from)?, read_day("to", params.to)?);
    Ok(Json(engine::stats::mine(&ctx, from, to).await?.into()))
}

/// A project's figures.
#[utoipa::path(get, path = "/api/v1/projects/{id}/stats", tag = "figures", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project."), ProjectStatsParams),
    responses((status = 200, description = "The figures.", body = ProjectStats)))]
pub async fn get_project_stats(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Query(params): Query<ProjectStatsParams>,
) -> Result<Json<ProjectStats>, Refusal> {
    let query = StatsQuery {
        project: Some(ProjectId(id)),
        from: read_day("from", params.from)?,
        to: read_day("to", params.to)?,
        by: params.by.map_or_else(Default::default, Into::into),
        ..StatsQuery::default()
    };
    let table = engine::stats::table(&ctx, query).await?;
    let project = engine::project::get(&ctx, ProjectId(id)).await?;
    Ok(Json(ProjectStats { counts: project.summary.counts.into(), stats: table.into() }))
}

/// People's figures, or the same rolled up. Operators see all; managers those of a project of theirs.
#[utoipa::path(get, path = "/api/v1/stats/people", tag = "figures", security(("bearer" = [])),
    params(PeopleStatsParams), responses(
        (status = 200, description = "The figures.", body = Stats),
        (status = 404, description = "There is no such project, or the caller may not know of it.", body = Problem,
            content_type = "application/problem+json"),
    ))]
pub async fn get_people_stats(
    Caller(ctx): Caller,
    Query(params): Query<PeopleStatsParams>,
) -> Result<Json<Stats>, Refusal> {
    let query = StatsQuery {
        project: params.project.map(ProjectId),
        organization: params.organization.map(OrganizationId),
        person: params.person.map(PersonId),
        from: read_day("from", params.from)?,
        to: read_day("to", params.to)?,
        by: params.by.map_or_else(Default::default, Into::into),
    };
    Ok(Json(engine::stats::table(&ctx, query).await?.into()))
}
