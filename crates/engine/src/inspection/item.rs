//! One drawn item as the reviewer sees it.

use super::access;
use super::entity::sample;
use super::get::verdict;
use crate::Ctx;
use crate::annotation::entity::annotation;
use crate::annotation::queries::views;
use crate::error::Result;
use crate::item::entity::item as items;
use crate::item::queries::view;
use domain::Error;
use domain::batch::SampleDetail;
use domain::error::Noun;
use domain::id::{InspectionId, ItemId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// One drawn item with the current annotations of its authors.
pub async fn item(ctx: &Ctx, inspection: InspectionId, item: ItemId) -> Result<SampleDetail> {
    let db = ctx.read();
    access::inspection(db, ctx, inspection).await?;
    let missing = || Error::NotFound(Noun::Item);
    let drawn = sample::Entity::find_by_id((inspection.0, item.0)).one(db).await?.ok_or_else(missing)?;
    let row = items::Entity::find_by_id(item.0).one(db).await?.ok_or_else(missing)?;
    let current = current(db, item.0).await?;
    Ok(SampleDetail { item: view(&row)?, annotations: views(db, &current).await?, verdict: verdict(&drawn)? })
}

/// The last counted annotation of each author and the last fix of each reviewer, oldest first.
pub(super) async fn current(db: &impl ConnectionTrait, item: Uuid) -> Result<Vec<annotation::Model>> {
    let rows = annotation::Entity::find()
        .filter(annotation::Column::ItemId.eq(item))
        .filter(annotation::Column::Counted.eq(true))
        .order_by_asc(annotation::Column::Kind)
        .order_by_asc(annotation::Column::PersonId)
        .order_by_asc(annotation::Column::Revision)
        .all(db)
        .await?;
    let mut last: Vec<annotation::Model> = Vec::new();
    for row in rows {
        match last.last_mut() {
            Some(before) if before.person_id == row.person_id && before.kind == row.kind => *before = row,
            _ => last.push(row),
        }
    }
    last.sort_by_key(|row| (row.submitted_at, row.id));
    Ok(last)
}
