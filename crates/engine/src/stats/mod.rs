//! Figures by person, organization, region, project and day.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
pub(crate) mod queries;

use crate::Ctx;
use crate::error::Result;
use domain::stats::{StatsQuery, StatsTable, Wall};
use domain::time::Day;

/// A table of figures.
pub async fn table(ctx: &Ctx, query: StatsQuery) -> Result<StatsTable> {
    todo!()
}
/// The caller's own figures by day.
pub async fn mine(ctx: &Ctx, from: Option<Day>, to: Option<Day>) -> Result<StatsTable> {
    todo!()
}
/// The province at a glance.
pub async fn wall(ctx: &Ctx) -> Result<Wall> {
    todo!()
}
