//! A table of figures with its total and its course by day.

use super::queries::{SUMS, summed};
use crate::Ctx;
use crate::error::Result;
use crate::project::access;
use domain::error::Noun;
use domain::policy::{Action, Resource};
use domain::stats::{DayFigures, Figures, GroupBy, StatsQuery, StatsRow, StatsTable};
use domain::time::Day;
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use uuid::Uuid;

/// A table of figures. Operators see all; managers and acceptors those of a project of theirs, which they must name.
pub async fn table(ctx: &Ctx, query: StatsQuery) -> Result<StatsTable> {
    match query.project {
        Some(project) => {
            access::project(ctx.read(), ctx, project, Action::Measure).await?;
        }
        None => ctx.require(Action::Measure, Resource::Platform, Noun::Platform)?,
    }
    read(ctx.read(), &query).await
}

/// The table of a query that was let through the door.
pub(super) async fn read(db: &impl ConnectionTrait, query: &StatsQuery) -> Result<StatsTable> {
    let filter = Filter::of(query);
    let (rows, days) = match Shape::of(query.by) {
        Some(shape) => (rows(db, query.by, shape.sql(&filter), &filter).await?, days(db, &filter).await?),
        None => {
            let rows = rows(db, query.by, day_sql(&filter), &filter).await?;
            let day = |row: &StatsRow| Some(DayFigures { day: Day::parse(&row.key)?, figures: row.figures });
            let days = rows.iter().filter_map(day).collect();
            (rows, days)
        }
    };
    let mut total = Figures::default();
    days.iter().for_each(|day| total.add(&day.figures));
    Ok(StatsTable { rows, total, days })
}

async fn rows(db: &impl ConnectionTrait, by: GroupBy, sql: String, filter: &Filter) -> Result<Vec<StatsRow>> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, filter.values.clone());
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| stats_row(by, row)).collect()
}

/// Days by themselves, with the people of each: in a project everybody has one row a day.
fn day_sql(filter: &Filter) -> String {
    let people = if filter.of_project {
        format!("CAST(SUM(CASE WHEN {WORKED} THEN 1 ELSE 0 END) AS bigint)")
    } else {
        format!("COUNT(DISTINCT CASE WHEN {WORKED} THEN d.person_id END)")
    };
    let (day, rows) = (filter.day(), &filter.sql);
    format!("SELECT {day} AS key, {people} AS people, {SUMS} FROM day_figures d {rows} GROUP BY {day} ORDER BY {day}")
}

async fn days(db: &impl ConnectionTrait, filter: &Filter) -> Result<Vec<DayFigures>> {
    let (day, rows) = (filter.day(), &filter.sql);
    let sql = format!("SELECT {day} AS day, {SUMS} FROM day_figures d {rows} GROUP BY {day} ORDER BY {day}");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, filter.values.clone());
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok(DayFigures { day: Day(row.try_get("", "day")?), figures: summed(row)? })).collect()
}

fn stats_row(by: GroupBy, row: &QueryResult) -> Result<StatsRow> {
    let text = |column: &str| row.try_get::<Option<String>>("", column);
    let (key, name) = match by {
        GroupBy::Day => {
            let iso = Day(row.try_get("", "key")?).iso();
            (iso.clone(), iso)
        }
        GroupBy::Region => (text("key")?.unwrap_or_default(), text("name")?.unwrap_or_default()),
        GroupBy::Person | GroupBy::Organization | GroupBy::Project => {
            let id: Option<Uuid> = row.try_get("", "key")?;
            (id.map(|id| id.to_string()).unwrap_or_default(), text("name")?.unwrap_or_default())
        }
    };
    let detail = match by {
        GroupBy::Person | GroupBy::Organization => text("detail")?,
        GroupBy::Region | GroupBy::Project | GroupBy::Day => None,
    };
    let people: i64 = row.try_get("", "people")?;
    Ok(StatsRow { key, name, detail, people: u32::try_from(people).unwrap_or(u32::MAX), figures: summed(row)? })
}

/// Somebody did something on the day.
const WORKED: &str = "d.submitted + d.rework + d.skipped + d.extra + d.reviewed > 0";

/// How rows are keyed, named and ordered. Work outside organizations has an empty key and name.
struct Shape {
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
                columns: "d.person_id AS key, p.name AS name, p.username AS detail",
                joins: "JOIN people p ON p.id = d.person_id",
                group: "d.person_id, p.name, p.username",
                order: "p.username",
            },
            GroupBy::Organization => Shape {
                columns: "d.organization_id AS key, o.name AS name, o.region AS detail",
                joins: "LEFT JOIN organizations o ON o.id = d.organization_id",
                group: "d.organization_id, o.name, o.region",
                order: "CASE WHEN o.name IS NULL THEN 1 ELSE 0 END, o.name",
            },
            GroupBy::Region => Shape {
                columns: "r.slug AS key, r.zh AS name",
                joins: "LEFT JOIN organizations o ON o.id = d.organization_id LEFT JOIN regions r ON r.slug = o.region",
                group: "r.slug, r.zh, r.position",
                order: "CASE WHEN r.position IS NULL THEN 1 ELSE 0 END, r.position",
            },
            GroupBy::Project => Shape {
                columns: "d.project_id AS key, j.name AS name",
                joins: "JOIN projects j ON j.id = d.project_id",
                group: "d.project_id, j.name",
                order: "j.name",
            },
            GroupBy::Day => return None,
        };
        Some(shape)
    }
}

struct Filter {
    sql: String,
    values: Vec<Value>,
    of_project: bool,
}

impl Filter {
    /// The day to group by. The plus keeps the days' own index out of it, by which SQLite would look up each of a project's
    /// rows by itself; they lie together.
    fn day(&self) -> &'static str {
        if self.of_project { "+d.day" } else { "d.day" }
    }

    fn of(query: &StatsQuery) -> Filter {
        let wanted: [(&str, Option<Value>); 5] = [
            ("d.project_id =", query.project.map(|id| id.0.into())),
            ("d.organization_id =", query.organization.map(|id| id.0.into())),
            ("d.person_id =", query.person.map(|id| id.0.into())),
            ("d.day >=", query.from.map(|day| day.0.into())),
            ("d.day <=", query.to.map(|day| day.0.into())),
        ];
        let mut filter = Filter { sql: String::new(), values: Vec::new(), of_project: query.project.is_some() };
        for (condition, value) in wanted {
            if let Some(value) = value {
                filter.values.push(value);
                let word = if filter.values.len() == 1 { "WHERE" } else { "AND" };
                filter.sql.push_str(&format!("{word} {condition} ${} ", filter.values.len()));
            }
        }
        filter
    }
}
