//! Exports: the job that writes a data file and its manifest.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
use crate::Ctx;
use crate::error::Result;
use domain::export::{ExportView, NewExport};
use domain::id::{ExportId, ProjectId};
use std::path::PathBuf;

/// A finished file.
#[derive(Debug, Clone)]
pub struct ExportFile {
    /// The file.
    pub path: PathBuf,
    /// Its name for download.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

/// Queues an export.
pub async fn create(ctx: &Ctx, project: ProjectId, new: NewExport) -> Result<ExportView> {
    todo!()
}
/// One export.
pub async fn get(ctx: &Ctx, export: ExportId) -> Result<ExportView> {
    todo!()
}
/// The project's exports, newest first.
pub async fn list(ctx: &Ctx, project: ProjectId) -> Result<Vec<ExportView>> {
    todo!()
}
/// The finished file.
pub async fn file(ctx: &Ctx, export: ExportId) -> Result<ExportFile> {
    todo!()
}
/// The manifest of a finished export.
pub async fn manifest(ctx: &Ctx, export: ExportId) -> Result<serde_json::Value> {
    todo!()
}
