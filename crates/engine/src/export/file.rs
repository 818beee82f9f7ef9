//! The finished file of an export.

use super::queries;
use crate::Ctx;
use crate::error::Result;
use domain::error::Conflict;
use domain::id::ExportId;
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

/// The finished file.
pub async fn file(ctx: &Ctx, export: ExportId) -> Result<ExportFile> {
    let row = queries::export(ctx, export).await?;
    let path = queries::folder(ctx, &row).join(super::work::DATA);
    let (Some(file_name), Some(bytes), Some(sha256)) = (row.file_name, row.bytes, row.sha256) else {
        return Err(Conflict::NotReady.into());
    };
    let media_type = match row.format.as_str() {
        "coco" => "application/json",
        "csv" => "text/csv; charset=utf-8",
        _ => "application/x-ndjson",
    };
    let bytes = u64::try_from(bytes).unwrap_or_default();
    Ok(ExportFile { path, file_name, media_type: media_type.to_owned(), bytes, sha256 })
}
