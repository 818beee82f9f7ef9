//! A table of figures with its total and its course by day.

use super::course;
use super::filter::Filter;
use super::queries::{SUMS, WORKED, summed};
use crate::Ctx;
use crate::error::Result;
use crate::project::access;
use domain::error::Noun;
use domain::policy::{Action, Resource};
use domain::stats::{DayFigures, GroupBy, StatsQuery, StatsRow, StatsTable};
use domain::time::Day;
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use uuid::Uuid;

/// A table of figures. Operators see all; managers and acceptors those of a project of theirs, which they must name.
pub async fn table(ctx: &Ctx, query: StatsQuery) -> Result<StatsTable> {
    match query.project {
        Some(project) => {
            access::project(ctx.read(), ctx, project, Action::Measure).await?;
        }
        None => ctx.require(Action::Measure, Resource::Platform, Noun::Platform)?,
    }
    read(ctx, &query).await
}

/// The table of a query that was let through the door.
pub(super) async fn read(ctx: &Ctx, query: &StatsQuery) -> Result<StatsTable> {
    let (db, today) = (ctx.read(), ctx.now().day());
    let (rows, days) = match Shape::of(query.by) {
        Some(shape) => (rows(db, &shape, &Filter::of(query)).await?, course::days(db, today, query).await?),
        None => {
            let rows = course::rows(db, today, query).await?;
            let day = |row: &StatsRow| Some(DayFigures { day: Day::parse(&row.key)?, figures: row.figures });
            let days = rows.iter().filter_map(day).collect();
            (rows, days)
        }
    };
    let total = course::total(&days);
    Ok(StatsTable { rows, total, days, left_out: 0 })
}

async fn rows(db: &impl ConnectionTrait, shape: &Shape, filter: &Filter) -> Result<Vec<StatsRow>> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), shape.sql(filter), filter.values.clone());
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| stats_row(shape, row)).collect()
}

fn stats_row(shape: &Shape, row: &QueryResult) -> Result<StatsRow> {
    let text = |column: &str| row.try_get::<Option<String>>("", column);
    let key = if shape.by_id { row.try_get::<Option<Uuid>>("", "key")?.map(|id| id.to_string()) } else { text("key")? };
    let people: i64 = row.try_get("", "people")?;
    Ok(StatsRow {
        key: key.unwrap_or_default(),
        name: text("name")?.unwrap_or_default(),
        detail: text("detail")?,
        people: u32::try_from(people).unwrap_or(u32::MAX),
        figures: summed(row)?,
    })
}

/// How rows are keyed, named and ordered. Work outside organizations has an empty key and name.
struct Shape {
    /// The key is an identifier, not a word.
    by_id: bool,
    columns: &'static str,
    joins: &'static str,
    group: &'static str,
    order: &'static str,
}

impl Shape {
    fn sql(&self, filter: &Filter) -> String {
        format!(
            "SELECT {}, COUNT(DISTINCT CASE WHEN {WORKED} THEN d.person_id END) AS people, {SUMS} \
             FROM day_figures d {} {} GROUP BY {} ORDER BY {}",
            self.columns, self.joins, filter.sql, self.group, self.order
        )
    }

    /// None for days, which are read by themselves.
    fn of(by: GroupBy) -> Option<Shape> {
        let shape = match by {
            GroupBy::Person => Shape {
                by_id: true,
                columns: "d.person_id AS key, p.name AS name, p.username AS detail",
                joins: "JOIN people p ON p.id = d.person_id",
                group: "d.person_id, p.name, p.username",
                order: "p.username",
            },
            GroupBy::Organization => Shape {
                by_id: true,
                columns: "d.organization_id AS key, o.name AS name, o.region AS detail",
                joins: "LEFT JOIN organizations o ON o.id = d.organization_id",
                group: "d.organization_id, o.name, o.region",
                order: "CASE WHEN o.name IS NULL THEN 1 ELSE 0 END, o.name",
            },
            GroupBy::Region => Shape {
                by_id: false,
                columns: "r.slug AS key, r.zh AS name, NULL AS detail",
                joins: "LEFT JOIN organizations o ON o.id = d.organization_id LEFT JOIN regions r ON r.slug = o.region",
                group: "r.slug, r.zh, r.position",
                order: "CASE WHEN r.position IS NULL THEN 1 ELSE 0 END, r.position",
            },
            GroupBy::Project => Shape {
                by_id: true,
                columns: "d.project_id AS key, j.name AS name, NULL AS detail",
                joins: "JOIN projects j ON j.id = d.project_id",
                group: "d.project_id, j.name",
                order: "j.name",
            },
            GroupBy::Day => return None,
        };
        Some(shape)
    }
}
