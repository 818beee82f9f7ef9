//! Figures day by day: of days that are over from `project_days`, of the others from the rows of people.

use super::close::last_closed;
use super::filter::Filter;
use super::queries::{PEOPLE, SUMS, WORKED, summed};
use crate::error::Result;
use domain::stats::{DayFigures, Figures, StatsQuery, StatsRow};
use domain::time::Day;
use sea_orm::{ConnectionTrait, QueryResult, Statement};

/// So many open days are read by the index of days; more, while the past is being closed, from where a project's rows lie.
const FEW: i32 = 7;

/// The figures of each day of a query, oldest first.
pub(super) async fn days(db: &impl ConnectionTrait, today: Day, query: &StatsQuery) -> Result<Vec<DayFigures>> {
    let rows = course(db, today, query, false).await?;
    rows.iter().map(|row| Ok(DayFigures { day: Day(row.try_get("", "day")?), figures: summed(row)? })).collect()
}

/// The same as rows of a table, with the people who did anything on each.
pub(super) async fn rows(db: &impl ConnectionTrait, today: Day, query: &StatsQuery) -> Result<Vec<StatsRow>> {
    let row = |row: &QueryResult| {
        let (day, people): (i32, i64) = (row.try_get("", "day")?, row.try_get("", "people")?);
        let (iso, people) = (Day(day).iso(), u32::try_from(people).unwrap_or(u32::MAX));
        Ok(StatsRow { key: iso.clone(), name: iso, detail: None, people, figures: summed(row)? })
    };
    course(db, today, query, true).await?.iter().map(row).collect()
}

/// All days together.
pub(super) fn total(days: &[DayFigures]) -> Figures {
    let mut total = Figures::default();
    days.iter().for_each(|day| total.add(&day.figures));
    total
}

async fn course(
    db: &impl ConnectionTrait,
    today: Day,
    query: &StatsQuery,
    with_people: bool,
) -> Result<Vec<QueryResult>> {
    // Closed days know no firm and no person; and who worked for two projects on a day is one person.
    let adds_up = query.person.is_none() && query.organization.is_none() && (query.project.is_some() || !with_people);
    let closed = if adds_up { last_closed(db, today).await? } else { None };
    let people = match (with_people, query.project) {
        (false, _) => "0".to_owned(),
        (true, Some(_)) => PEOPLE.to_owned(),
        (true, None) => format!("COUNT(DISTINCT CASE WHEN {WORKED} THEN d.person_id END)"),
    };
    let Some(closed) = closed else {
        return sums(db, "day_figures", &people, &Filter::of(query)).await;
    };
    let over = StatsQuery { to: Some(query.to.map_or(closed, |to| to.min(closed))), ..query.clone() };
    let next = closed.plus(1);
    let open = StatsQuery { from: Some(query.from.map_or(next, |from| from.max(next))), ..query.clone() };
    let people_over = if with_people { "CAST(SUM(d.people) AS bigint)" } else { "0" };
    let mut days = sums(db, "project_days", people_over, &Filter::of(&over)).await?;
    let is_few = closed >= today.plus(-FEW);
    let open = if is_few { Filter::by_day(&open, db.get_database_backend()) } else { Filter::of(&open) };
    days.extend(sums(db, "day_figures", &people, &open).await?);
    Ok(days)
}

async fn sums(db: &impl ConnectionTrait, table: &str, people: &str, filter: &Filter) -> Result<Vec<QueryResult>> {
    let (day, rows) = (filter.day, &filter.sql);
    let sql =
        format!("SELECT {day} AS day, {people} AS people, {SUMS} FROM {table} d {rows} GROUP BY {day} ORDER BY {day}");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, filter.values.clone());
    Ok(db.query_all_raw(statement).await?)
}
