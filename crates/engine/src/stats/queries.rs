//! Rolling figures up as things happen.

use super::entity::day_figure;
use crate::db::Tx;
use crate::db::later::{self, Day};
use crate::db::rows::insert;
use crate::error::Result;
use domain::stats::Figures;
use domain::time::Millis;
use sea_orm::{IntoActiveModel, QueryResult};
use std::ops::AddAssign;
use uuid::Uuid;

/// Adds figures to a person's day in a project, at the end of the write that the deed is part of. Figures are signed here:
/// a correction may take back what an earlier deed added.
pub(crate) async fn add(
    tx: &Tx,
    at: Millis,
    project: Uuid,
    person: Uuid,
    organization: Option<Uuid>,
    delta: Delta,
) -> Result<()> {
    let day = (project, person, at.day().0);
    if !later::leave(|later| later.figure(day, organization, delta)) {
        write(tx, vec![(day, (organization, delta))]).await?;
    }
    Ok(())
}

/// How figures are added to those of a day that are there.
const ADD: &str = " ON CONFLICT (project_id, person_id, day) DO UPDATE SET \
     submitted = day_figures.submitted + excluded.submitted, accepted = day_figures.accepted + excluded.accepted, \
     rework = day_figures.rework + excluded.rework, returned = day_figures.returned + excluded.returned, \
     skipped = day_figures.skipped + excluded.skipped, extra = day_figures.extra + excluded.extra, \
     inspected = day_figures.inspected + excluded.inspected, passed = day_figures.passed + excluded.passed, \
     reviewed = day_figures.reviewed + excluded.reviewed, active_ms = day_figures.active_ms + excluded.active_ms, \
     raw_ms = day_figures.raw_ms + excluded.raw_ms";

/// Adds figures to days, each day once.
pub(crate) async fn write(tx: &Tx, days: Vec<(Day, (Option<Uuid>, Delta))>) -> Result<()> {
    let rows = days.into_iter().map(|((project, person, day), (organization, delta))| day_figure::Model {
        project_id: project,
        person_id: person,
        day,
        organization_id: organization,
        submitted: delta.submitted,
        accepted: delta.accepted,
        rework: delta.rework,
        returned: delta.returned,
        skipped: delta.skipped,
        extra: delta.extra,
        inspected: delta.inspected,
        passed: delta.passed,
        reviewed: delta.reviewed,
        active_ms: delta.active_ms,
        raw_ms: delta.raw_ms,
    });
    insert(tx, rows.map(IntoActiveModel::into_active_model), ADD).await?;
    Ok(())
}

/// What a deed adds; the columns of [`Figures`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Delta {
    pub(crate) submitted: i64,
    pub(crate) accepted: i64,
    pub(crate) rework: i64,
    pub(crate) returned: i64,
    pub(crate) skipped: i64,
    pub(crate) extra: i64,
    pub(crate) inspected: i64,
    pub(crate) passed: i64,
    pub(crate) reviewed: i64,
    pub(crate) active_ms: i64,
    pub(crate) raw_ms: i64,
}

impl AddAssign for Delta {
    fn add_assign(&mut self, more: Delta) {
        self.submitted += more.submitted;
        self.accepted += more.accepted;
        self.rework += more.rework;
        self.returned += more.returned;
        self.skipped += more.skipped;
        self.extra += more.extra;
        self.inspected += more.inspected;
        self.passed += more.passed;
        self.reviewed += more.reviewed;
        self.active_ms += more.active_ms;
        self.raw_ms += more.raw_ms;
    }
}

/// Reads a row's figures.
pub(crate) fn figures(row: &day_figure::Model) -> Figures {
    let whole = |n: i64| u64::try_from(n).unwrap_or_default();
    Figures {
        submitted: whole(row.submitted),
        accepted: whole(row.accepted),
        rework: whole(row.rework),
        returned: whole(row.returned),
        skipped: whole(row.skipped),
        extra: whole(row.extra),
        inspected: whole(row.inspected),
        passed: whole(row.passed),
        reviewed: whole(row.reviewed),
        active_ms: row.active_ms,
        raw_ms: row.raw_ms,
    }
}

macro_rules! worked {
    () => {
        "d.submitted + d.rework + d.skipped + d.extra + d.reviewed > 0"
    };
}

/// Somebody did something on the day.
pub(super) const WORKED: &str = worked!();

/// How many people did something on a day of one project, where everybody has one row a day.
pub(super) const PEOPLE: &str = concat!("CAST(SUM(CASE WHEN ", worked!(), " THEN 1 ELSE 0 END) AS bigint)");

/// The sums of every figure over the rows of `day_figures d` that a statement groups; read by [`summed`].
pub(super) const SUMS: &str = "CAST(SUM(d.submitted) AS bigint) AS submitted, CAST(SUM(d.accepted) AS bigint) AS accepted, \
     CAST(SUM(d.rework) AS bigint) AS rework, CAST(SUM(d.returned) AS bigint) AS returned, \
     CAST(SUM(d.skipped) AS bigint) AS skipped, CAST(SUM(d.extra) AS bigint) AS extra, \
     CAST(SUM(d.inspected) AS bigint) AS inspected, CAST(SUM(d.passed) AS bigint) AS passed, \
     CAST(SUM(d.reviewed) AS bigint) AS reviewed, CAST(SUM(d.active_ms) AS bigint) AS active_ms, \
     CAST(SUM(d.raw_ms) AS bigint) AS raw_ms";

/// Reads the sums of [`SUMS`].
pub(super) fn summed(row: &QueryResult) -> Result<Figures> {
    // A day may end below nothing: work of days ago that was taken back on it.
    let whole = |column: &str| row.try_get::<i64>("", column).map(|n| u64::try_from(n).unwrap_or_default());
    Ok(Figures {
        submitted: whole("submitted")?,
        accepted: whole("accepted")?,
        rework: whole("rework")?,
        returned: whole("returned")?,
        skipped: whole("skipped")?,
        extra: whole("extra")?,
        inspected: whole("inspected")?,
        passed: whole("passed")?,
        reviewed: whole("reviewed")?,
        active_ms: row.try_get("", "active_ms")?,
        raw_ms: row.try_get("", "raw_ms")?,
    })
}
