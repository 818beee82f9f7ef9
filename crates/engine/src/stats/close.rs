//! Days that are over, added up by project: what a project did in a year is read from a few hundred rows, not from those of all
//! its people. Nobody adds to a day that is over, so that no deed waits for this.
//!
//! What it never does: take a row of `day_figures` away. A day that was closed by a clock that ran ahead is closed again when it
//! really is over.

use super::queries::{SUMS, WORKED};
use crate::Engine;
use crate::db::{Tx, one_at_a_time};
use crate::error::Result;
use crate::facts;
use domain::time::Day;
use sea_orm::{ConnectionTrait, Statement};

/// The fact that says which day was closed last, as days since 1970-01-01.
pub(crate) const FACT: &str = "figures.closed";

/// The columns that are added up.
pub(crate) const COLUMNS: [&str; 12] = [
    "people",
    "submitted",
    "accepted",
    "rework",
    "returned",
    "skipped",
    "extra",
    "inspected",
    "passed",
    "reviewed",
    "active_ms",
    "raw_ms",
];

/// A day is closed when so many days have begun after it: clocks of nodes may differ by up to one.
const AFTER: i32 = 2;

/// Closes the days that are over and were not closed yet, one transaction for each.
pub async fn close_days(engine: &Engine) -> Result<()> {
    let last = engine.now().day().plus(-AFTER);
    while engine.db().write(move |tx| Box::pin(close_next(tx, last))).await? {}
    Ok(())
}

/// The last closed day, by a clock that says it is `today`. All rows of `project_days` up to it hold.
pub(crate) async fn last_closed(db: &impl ConnectionTrait, today: Day) -> Result<Option<Day>> {
    Ok(fact(db).await?.map(|closed| closed.min(today.plus(-AFTER))))
}

async fn fact(db: &impl ConnectionTrait) -> Result<Option<Day>> {
    Ok(facts::get(db, FACT).await?.and_then(|day| day.parse().ok()).map(Day))
}

/// Closes the first day that is open up to `last`. False when there is none.
async fn close_next(tx: &Tx, last: Day) -> Result<bool> {
    one_at_a_time(tx, FACT).await?;
    let closed = fact(tx).await?;
    if closed.is_some_and(|closed| closed > last) {
        // By a clock that ran ahead.
        facts::set(tx, FACT, &last.0.to_string()).await?;
        return Ok(false);
    }
    let statement =
        |sql: &str, values: Vec<sea_orm::Value>| Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let after = closed.map_or(i32::MIN, |day| day.0);
    let first = "SELECT MIN(day) FROM day_figures WHERE day > $1 AND day <= $2";
    let row = tx.query_one_raw(statement(first, vec![after.into(), last.0.into()])).await?;
    let first: Option<i32> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    let Some(day) = first else { return Ok(false) };
    let again: Vec<_> = COLUMNS.iter().map(|column| format!("{column} = excluded.{column}")).collect();
    let sql = format!(
        "INSERT INTO project_days (project_id, day, {}) {} ON CONFLICT (project_id, day) DO UPDATE SET {}",
        COLUMNS.join(", "),
        sums("d.day = $1"),
        again.join(", ")
    );
    tx.execute_raw(statement(&sql, vec![day.into()])).await?;
    facts::set(tx, FACT, &day.to_string()).await?;
    Ok(true)
}

/// The statement that adds up the rows of people by project and day, in the order of [`COLUMNS`].
pub(crate) fn sums(condition: &str) -> String {
    format!(
        "SELECT d.project_id AS project_id, d.day AS day, \
         CAST(SUM(CASE WHEN {WORKED} THEN 1 ELSE 0 END) AS bigint) AS people, {SUMS} \
         FROM day_figures d WHERE {condition} GROUP BY d.project_id, d.day"
    )
}

/// The statement that reads what was added up.
pub(crate) fn stored(condition: &str) -> String {
    format!("SELECT d.project_id, d.day, {} FROM project_days d WHERE {condition}", COLUMNS.join(", "))
}
