//! Imports; the upload itself is plain HTTP, so that it can stream.

use crate::error::AppError;
use domain::id::{ImportId, ProjectId};
use domain::import::ImportView;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// One import.
#[server(prefix = "/rpc", endpoint = "get_import", input = Json, output = Json)]
pub async fn get_import(import: ImportId) -> Result<ImportView, AppError> {
    told(engine::import::get(&ctx()?, import).await)
}

/// A project's imports.
#[server(prefix = "/rpc", endpoint = "list_imports", input = Json, output = Json)]
pub async fn list_imports(project: ProjectId) -> Result<Vec<ImportView>, AppError> {
    told(engine::import::list(&ctx()?, project).await)
}
