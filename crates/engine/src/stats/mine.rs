//! The caller's own figures.

use super::table::read;
use crate::Ctx;
use crate::error::Result;
use domain::error::Noun;
use domain::id::PersonId;
use domain::policy::{Action, Resource};
use domain::stats::{GroupBy, StatsQuery, StatsTable};
use domain::time::Day;

/// The caller's own figures by day, in all projects.
pub async fn mine(ctx: &Ctx, from: Option<Day>, to: Option<Day>) -> Result<StatsTable> {
    ctx.require(Action::Measure, Resource::OwnAccount, Noun::Person)?;
    let person = Some(PersonId(ctx.person()));
    read(ctx, &StatsQuery { person, from, to, by: GroupBy::Day, ..StatsQuery::default() }).await
}
