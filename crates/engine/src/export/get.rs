//! One export.

use super::queries;
use crate::Ctx;
use crate::error::Result;
use domain::Error;
use domain::error::Noun;
use domain::export::ExportView;
use domain::id::ExportId;

/// One export.
pub async fn get(ctx: &Ctx, export: ExportId) -> Result<ExportView> {
    let row = queries::export(ctx, export).await?;
    let view = queries::views(ctx.read(), vec![row]).await?.into_iter().next();
    view.ok_or_else(|| Error::NotFound(Noun::Export).into())
}
