//! Days that are over, added up by project: what a project did in a year is read from a few hundred rows, not from those of all
//! its people. Nobody adds to a day that is over, so that no deed waits for this.
//!
//! What it never does: take a row of `day_figures` away. The day that was closed last is added up again each time: where a clock
//! had run ahead, that is the one that people went on with.

use super::queries::{PEOPLE, SUMS};
use crate::Engine;
use crate::db::rows::raw;
use crate::db::{Tx, one_at_a_time};
use crate::error::Result;
use crate::facts;
use domain::time::Day;
use sea_orm::ConnectionTrait;

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
    let mut from = engine.db().write(move |tx| Box::pin(first_to_close(tx, last))).await?;
    while let Some(day) = engine.db().write(move |tx| Box::pin(close(tx, from, last))).await? {
        from = day.plus(1);
    }
    Ok(())
}

/// The last closed day, by a clock that says it is `today`. All rows of `project_days` up to it hold.
pub(crate) async fn last_closed(db: &impl ConnectionTrait, today: Day) -> Result<Option<Day>> {
    Ok(fact(db).await?.map(|closed| closed.min(today.plus(-AFTER))))
}

async fn fact(db: &impl ConnectionTrait) -> Result<Option<Day>> {
    Ok(facts::get(db, FACT).await?.and_then(|day| day.parse().ok()).map(Day))
}

/// The day from which on days are to be closed: the one that was closed last, or the beginning of all days.
async fn first_to_close(tx: &Tx, last: Day) -> Result<Day> {
    one_at_a_time(tx, FACT).await?;
    match fact(tx).await? {
        Some(closed) if closed > last => {
            // By a clock that ran ahead.
            facts::set(tx, FACT, &last.0.to_string()).await?;
            Ok(last)
        }
        Some(closed) => Ok(closed),
        None => {
            tx.execute_unprepared("DELETE FROM project_days").await?;
            Ok(Day(i32::MIN))
        }
    }
}

/// Closes the first day from `from` up to `last` on which anybody worked, and tells it. None where there is none.
async fn close(tx: &Tx, from: Day, last: Day) -> Result<Option<Day>> {
    one_at_a_time(tx, FACT).await?;
    let first = "SELECT MIN(day) FROM day_figures WHERE day >= $1 AND day <= $2";
    let row = tx.query_one_raw(raw(tx, first, [from.0.into(), last.0.into()])).await?;
    let first: Option<i32> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    let Some(day) = first else { return Ok(None) };
    tx.execute_raw(raw(tx, "DELETE FROM project_days WHERE day = $1", [day.into()])).await?;
    let sql = format!("INSERT INTO project_days (project_id, day, {}) {}", COLUMNS.join(", "), sums("d.day = $1"));
    tx.execute_raw(raw(tx, &sql, [day.into()])).await?;
    facts::set(tx, FACT, &day.to_string()).await?;
    Ok(Some(Day(day)))
}

/// The statement that adds up the rows of people by project and day, in the order of [`COLUMNS`].
pub(crate) fn sums(condition: &str) -> String {
    format!(
        "SELECT d.project_id AS project_id, d.day AS day, {PEOPLE} AS people, {SUMS} \
         FROM day_figures d WHERE {condition} GROUP BY d.project_id, d.day"
    )
}

/// The statement that reads what was added up.
pub(crate) fn stored(condition: &str) -> String {
    format!("SELECT d.project_id, d.day, {} FROM project_days d WHERE {condition}", COLUMNS.join(", "))
}
