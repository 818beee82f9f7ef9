//! One batch.

use super::{access, queries};
use crate::Ctx;
use crate::error::Result;
use domain::batch::BatchView;
use domain::id::BatchId;

/// One batch.
pub async fn get(ctx: &Ctx, batch: BatchId) -> Result<BatchView> {
    let (row, _) = access::batch(ctx.read(), ctx, batch).await?;
    queries::view(ctx.read(), row).await
}
