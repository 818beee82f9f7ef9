//! Annotations read as views: with their authors' names and what reviewers said.

use super::entity::annotation;
use crate::error::Result;
use crate::inspection::entity::verdict;
use crate::person::entity::person;
use domain::annotation::{AnnotationView, VerdictView};
use domain::id::{AnnotationId, BatchId, InspectionId, ItemId};
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Every annotation of these items, oldest first. Items without any are absent.
pub(crate) async fn of_items(db: &impl ConnectionTrait, items: &[Uuid]) -> Result<HashMap<Uuid, Vec<AnnotationView>>> {
    if items.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = annotation::Entity::find()
        .filter(annotation::Column::ItemId.is_in(items.iter().copied()))
        .order_by_asc(annotation::Column::SubmittedAt)
        .order_by_asc(annotation::Column::Id)
        .all(db)
        .await?;
    let mut found: HashMap<Uuid, Vec<AnnotationView>> = HashMap::new();
    for view in views(db, &rows).await? {
        found.entry(view.item.0).or_default().push(view);
    }
    Ok(found)
}

/// These rows as views, in their order.
pub(crate) async fn views(db: &impl ConnectionTrait, rows: &[annotation::Model]) -> Result<Vec<AnnotationView>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    // By item, which has fewer and needs no list of every annotation.
    let items: BTreeSet<Uuid> = rows.iter().map(|row| row.item_id).collect();
    let verdicts = verdict::Entity::find()
        .filter(verdict::Column::ItemId.is_in(items))
        .order_by_asc(verdict::Column::JudgedAt)
        .order_by_asc(verdict::Column::InspectionId)
        .all(db)
        .await?;
    let people = names(db, rows.iter().map(|r| r.person_id).chain(verdicts.iter().map(|v| v.reviewer_id))).await?;
    let name = |id: Uuid| people.get(&id).cloned().unwrap_or_default();
    let mut by_annotation: HashMap<Uuid, Vec<VerdictView>> = HashMap::new();
    for row in verdicts {
        let view = VerdictView {
            inspection: InspectionId(row.inspection_id),
            batch: BatchId(row.batch_id),
            reviewer: name(row.reviewer_id).0,
            verdict: serde_json::from_value(row.verdict.into())?,
            reason: row.reason.map(|code| serde_json::from_value(code.into())).transpose()?,
            comment: row.comment,
            at: Millis(row.judged_at),
        };
        by_annotation.entry(row.annotation_id).or_default().push(view);
    }
    rows.iter()
        .map(|row| {
            let (annotator, annotator_name) = name(row.person_id);
            Ok(AnnotationView {
                id: AnnotationId(row.id),
                item: ItemId(row.item_id),
                revision: u32::try_from(row.revision).unwrap_or_default(),
                annotator,
                annotator_name,
                kind: serde_json::from_value(row.kind.clone().into())?,
                counted: row.counted,
                value: serde_json::from_str(&row.value)?,
                schema_version: u32::try_from(row.schema_version).unwrap_or_default(),
                guideline_version: u32::try_from(row.guideline_version).unwrap_or_default(),
                active_ms: row.active_ms,
                raw_ms: row.raw_ms,
                submitted_at: Millis(row.submitted_at),
                verdicts: by_annotation.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect()
}

/// User names and shown names of people.
pub(crate) async fn names(
    db: &impl ConnectionTrait,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, (String, String)>> {
    let ids: BTreeSet<Uuid> = people.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String, String)> = person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::Username, person::Column::Name])
        .filter(person::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, username, name)| (id, (username, name))).collect())
}
