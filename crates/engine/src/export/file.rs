//! The finished file of an export.

use super::queries;
use crate::Ctx;
use crate::blob::StoredFile;
use crate::error::Result;
use domain::error::Conflict;
use domain::id::ExportId;

/// A finished file.
#[derive(Debug, Clone)]
pub struct ExportFile {
    /// The file.
    pub file: StoredFile,
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
    let local = queries::folder(ctx, &row).join(super::work::DATA);
    let key = queries::key(&row);
    let (Some(file_name), Some(bytes), Some(sha256)) = (row.file_name, row.bytes, row.sha256) else {
        return Err(Conflict::NotReady.into());
    };
    let media_type = match row.format.as_str() {
        "coco" => "application/json",
        "csv" => "text/csv; charset=utf-8",
        _ => "application/x-ndjson",
    };
    let bytes = u64::try_from(bytes).unwrap_or_default();
    let file = match ctx.store().remote() {
        Some(remote) => remote.stored(&key, bytes),
        None => StoredFile::Local(local),
    };
    Ok(ExportFile { file, file_name, media_type: media_type.to_owned(), bytes, sha256 })
}
