//! One import job.

use super::queries;
use crate::Ctx;
use crate::error::Result;
use domain::id::ImportId;
use domain::import::ImportView;

/// One job.
pub async fn get(ctx: &Ctx, import: ImportId) -> Result<ImportView> {
    let row = queries::import(ctx, import).await?;
    queries::view(ctx.read(), row).await
}
