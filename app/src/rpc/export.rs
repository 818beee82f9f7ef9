//! Exports; the file itself is plain HTTP.

use crate::error::AppError;
use domain::export::{ExportView, NewExport};
use domain::id::{ExportId, ProjectId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// Begins an export.
#[server(prefix = "/rpc", endpoint = "create_export", input = Json, output = Json)]
pub async fn create_export(project: ProjectId, export: NewExport) -> Result<ExportView, AppError> {
    told(engine::export::create(&ctx()?, project, export).await)
}

/// One export.
#[server(prefix = "/rpc", endpoint = "get_export", input = Json, output = Json)]
pub async fn get_export(export: ExportId) -> Result<ExportView, AppError> {
    told(engine::export::get(&ctx()?, export).await)
}

/// A project's exports.
#[server(prefix = "/rpc", endpoint = "list_exports", input = Json, output = Json)]
pub async fn list_exports(project: ProjectId) -> Result<Vec<ExportView>, AppError> {
    told(engine::export::list(&ctx()?, project).await)
}
