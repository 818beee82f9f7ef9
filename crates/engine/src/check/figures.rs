//! Figures that were rolled up as things happened, against what is stored; and days that were closed, against their rows.

use super::Audit;
use crate::error::Result;
use crate::stats::close::{self, last_closed};
use domain::time::Day;
use sea_orm::{ConnectionTrait, Statement, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// First submits by person: annotations that imports brought have no claim and are not counted.
const STORED: &str = "SELECT project_id, person_id, CAST(COUNT(*) AS bigint) FROM annotations \
                      WHERE kind = 'label' AND revision = 1 AND counted AND claim_id IS NOT NULL \
                      GROUP BY project_id, person_id";
const ROLLED_UP: &str = "SELECT project_id, person_id, CAST(SUM(submitted) AS bigint) FROM day_figures \
                         GROUP BY project_id, person_id";

pub(super) async fn check(audit: &mut Audit<'_>) -> Result<()> {
    let mut stored = sums(audit, STORED).await?;
    let rolled_up = sums(audit, ROLLED_UP).await?;
    audit.count("people with figures", rolled_up.len());
    for ((project, person), figure) in rolled_up {
        let found = stored.remove(&(project, person)).unwrap_or_default();
        audit.expect(found == figure, || {
            format!("project {project}, person {person}: {figure} submits are in the figures, {found} are stored")
        });
    }
    for ((project, person), found) in stored {
        audit.breach(format!("project {project}, person {person}: none of {found} submits are in the figures"));
    }
    check_closed(audit).await
}

/// Days that were closed are read in place of their rows.
async fn check_closed(audit: &mut Audit<'_>) -> Result<()> {
    let Some(last) = last_closed(&audit.tx, audit.engine.now().day()).await? else { return Ok(()) };
    let mut added_up = days(audit, &close::sums("d.day <= $1"), last).await?;
    let closed = days(audit, &close::stored("d.day <= $1"), last).await?;
    audit.count("closed days", closed.len());
    for ((project, day), figures) in closed {
        let found = added_up.remove(&(project, day));
        audit.expect(found.as_ref() == Some(&figures), || wrong(project, day));
    }
    for (project, day) in added_up.into_keys() {
        audit.breach(wrong(project, day));
    }
    Ok(())
}

fn wrong(project: Uuid, day: i32) -> String {
    let (day, fact) = (Day(day).iso(), close::FACT);
    format!(
        "project {project}: its closed figures of {day} are not those of its people; without the fact {fact} all days are \
         closed again within the hour"
    )
}

async fn days(audit: &Audit<'_>, sql: &str, last: Day) -> Result<BTreeMap<(Uuid, i32), Vec<i64>>> {
    let values: [Value; 1] = [last.0.into()];
    let rows = audit.tx.query_all_raw(Statement::from_sql_and_values(audit.tx.get_database_backend(), sql, values));
    let mut days = BTreeMap::new();
    for row in rows.await? {
        let figures = close::COLUMNS.iter().map(|column| row.try_get::<i64>("", column));
        days.insert(
            (row.try_get("", "project_id")?, row.try_get("", "day")?),
            figures.collect::<std::result::Result<_, _>>()?,
        );
    }
    Ok(days)
}

async fn sums(audit: &Audit<'_>, sql: &str) -> Result<BTreeMap<(Uuid, Uuid), i64>> {
    let rows = audit.tx.query_all_raw(Statement::from_string(audit.tx.get_database_backend(), sql)).await?;
    let mut sums = BTreeMap::new();
    for row in rows {
        let key = (row.try_get_by_index::<Uuid>(0)?, row.try_get_by_index::<Uuid>(1)?);
        sums.insert(key, row.try_get_by_index::<i64>(2)?);
    }
    Ok(sums)
}
