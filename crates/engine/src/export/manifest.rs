//! The manifest of a finished export.

use super::queries;
use crate::Ctx;
use crate::error::Result;
use domain::error::Conflict;
use domain::id::ExportId;

/// The manifest of a finished export: its file with its sum, what is in it, and by which versions it was made.
pub async fn manifest(ctx: &Ctx, export: ExportId) -> Result<serde_json::Value> {
    let row = queries::export(ctx, export).await?;
    let manifest = row.manifest.ok_or(Conflict::NotReady)?;
    Ok(serde_json::from_str(&manifest)?)
}
