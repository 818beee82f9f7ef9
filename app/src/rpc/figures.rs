//! Figures.

use crate::error::AppError;
use domain::stats::{Part, StatsQuery, StatsTable, Wall};
use domain::time::Day;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// The table of figures, or its first rows in some order.
#[server(prefix = "/rpc", endpoint = "get_stats", input = Json, output = Json)]
pub async fn get_stats(query: StatsQuery, part: Option<Part>) -> Result<StatsTable, AppError> {
    let table = told(engine::stats::table(&ctx()?, query).await)?;
    Ok(if let Some(part) = part { table.part(part) } else { table })
}

/// The caller's own figures by day.
#[server(prefix = "/rpc", endpoint = "get_my_stats", input = Json, output = Json)]
pub async fn get_my_stats(from: Option<Day>, to: Option<Day>) -> Result<StatsTable, AppError> {
    told(engine::stats::mine(&ctx()?, from, to).await)
}

/// The province at a glance.
#[server(prefix = "/rpc", endpoint = "get_wall", input = Json, output = Json)]
pub async fn get_wall() -> Result<Wall, AppError> {
    told(engine::stats::wall(&ctx()?).await)
}
