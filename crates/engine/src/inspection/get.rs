//! One inspection with its sample.

use super::access;
use super::entity::sample;
use crate::Ctx;
use crate::batch::queries;
use crate::error::Result;
use crate::item::entity::item;
use domain::annotation::{Reason, VerdictKind};
use domain::batch::{InspectionView, SampleItem, Verdict};
use domain::id::{InspectionId, ItemId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// One inspection with its sample.
pub async fn get(ctx: &Ctx, inspection: InspectionId) -> Result<InspectionView> {
    let db = ctx.read();
    let found = access::inspection(db, ctx, inspection).await?;
    let samples = sample::Entity::find()
        .filter(sample::Column::InspectionId.eq(inspection.0))
        .order_by_asc(sample::Column::Position)
        .all(db)
        .await?;
    let mut keys: HashMap<Uuid, String> = HashMap::new();
    for chunk in samples.chunks(500) {
        let rows: Vec<(Uuid, String)> = item::Entity::find()
            .select_only()
            .columns([item::Column::Id, item::Column::Key])
            .filter(item::Column::Id.is_in(chunk.iter().map(|sample| sample.item_id)))
            .into_tuple()
            .all(db)
            .await?;
        keys.extend(rows);
    }
    let mut sample = Vec::with_capacity(samples.len());
    for row in samples {
        sample.push(SampleItem {
            item: ItemId(row.item_id),
            key: keys.get(&row.item_id).cloned().unwrap_or_default(),
            verdict: verdict(&row)?,
        });
    }
    Ok(InspectionView {
        summary: queries::summary(db, &found.inspection).await?,
        batch: queries::view(db, found.batch).await?,
        sample,
    })
}

/// The stored verdict of a drawn item.
pub(super) fn verdict(row: &sample::Model) -> Result<Option<Verdict>> {
    let Some(kind) = kind(row)? else { return Ok(None) };
    let reason: Option<Reason> = row.reason.clone().map(|code| serde_json::from_value(code.into())).transpose()?;
    Ok(Some(Verdict {
        verdict: kind,
        reason,
        comment: row.comment.clone(),
        value: fix(row)?.map(|fix| fix.value),
        annotations: row.annotations.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default(),
    }))
}

/// What the verdict is.
pub(super) fn kind(row: &sample::Model) -> Result<Option<VerdictKind>> {
    Ok(row.verdict.clone().map(|code| serde_json::from_value(code.into())).transpose()?)
}

/// A reviewer's value with the version of the schema that it satisfies.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Fix {
    pub(super) schema_version: i32,
    pub(super) value: domain::annotation::AnnotationValue,
}

/// The stored fix of a drawn item.
pub(super) fn fix(row: &sample::Model) -> Result<Option<Fix>> {
    Ok(row.fix_value.as_deref().map(serde_json::from_str).transpose()?)
}
