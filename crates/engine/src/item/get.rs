//! One item with its history.

use super::{access, queries};
use crate::Ctx;
use crate::annotation;
use crate::error::Result;
use domain::id::{ItemId, ProjectId};
use domain::item::ItemDetail;
use domain::policy::Action;

/// One item with its history. Annotators see their own annotations and nobody else's.
pub async fn get(ctx: &Ctx, item: ItemId) -> Result<ItemDetail> {
    let (row, project) = access::item(ctx.read(), ctx, item, Action::Read).await?;
    let mut annotations =
        annotation::queries::of_items(ctx.read(), &[row.id]).await?.remove(&row.id).unwrap_or_default();
    let sees_all = access::sees_all(ctx, project.role);
    if !sees_all {
        annotations.retain(|annotation| annotation.annotator == ctx.actor().username);
    }
    let value = row.value.as_deref().filter(|_| sees_all).map(serde_json::from_str).transpose()?;
    Ok(ItemDetail { row: queries::row_view(&row)?, project: ProjectId(row.project_id), annotations, value })
}
