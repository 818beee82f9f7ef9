//! The caller's last submits.

use super::entity::annotation;
use crate::Ctx;
use crate::error::Result;
use crate::item::entity::item;
use crate::item::queries::{data, state};
use crate::project::access;
use domain::annotation::HistoryRow;
use domain::id::{AnnotationId, ItemId, ProjectId};
use domain::item::{ItemData, ItemState};
use domain::policy::{Action, Resource, may};
use domain::project::Status;
use domain::time::Millis;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Characters of a text shown in a line.
const EXCERPT_CHARS: usize = 80;
/// Lines at most.
const LINES_MAX: u64 = 200;

/// The caller's last submits in a project, newest first.
pub async fn history(ctx: &Ctx, project: ProjectId, limit: u32) -> Result<Vec<HistoryRow>> {
    let db = ctx.read();
    let project = access::project(db, ctx, project, Action::Read).await?;
    type Line = (Uuid, Uuid, i32, bool, i64);
    let lines: Vec<Line> = annotation::Entity::find()
        .select_only()
        .columns([
            annotation::Column::Id,
            annotation::Column::ItemId,
            annotation::Column::Revision,
            annotation::Column::Counted,
            annotation::Column::SubmittedAt,
        ])
        .filter(annotation::Column::ProjectId.eq(project.row.id))
        .filter(annotation::Column::PersonId.eq(ctx.person()))
        .filter(annotation::Column::Kind.eq("label"))
        .order_by_desc(annotation::Column::SubmittedAt)
        .order_by_desc(annotation::Column::Id)
        .limit(u64::from(limit).clamp(1, LINES_MAX))
        .into_tuple()
        .all(db)
        .await?;
    let ids: Vec<Uuid> = lines.iter().map(|line| line.1).collect();
    let items = item::Entity::find().filter(item::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    let items: HashMap<Uuid, item::Model> = items.into_iter().map(|row| (row.id, row)).collect();
    let revisions: Vec<(Uuid, i32)> = annotation::Entity::find()
        .select_only()
        .column(annotation::Column::ItemId)
        .column_as(annotation::Column::Revision.max(), "last")
        .filter(annotation::Column::ItemId.is_in(ids))
        .filter(annotation::Column::PersonId.eq(ctx.person()))
        .filter(annotation::Column::Kind.eq("label"))
        .filter(annotation::Column::Counted.eq(true))
        .group_by(annotation::Column::ItemId)
        .into_tuple()
        .all(db)
        .await?;
    let last: HashMap<Uuid, i32> = revisions.into_iter().collect();
    let annotates = may(ctx.actor(), Action::Annotate, Resource::Project { role: project.role });
    let open = annotates && project.status == Status::Open;
    let mut rows = Vec::with_capacity(lines.len());
    for (id, item, revision, counted, submitted_at) in lines {
        let Some(row) = items.get(&item) else { continue };
        let state = state(row)?;
        let current = counted && last.get(&item) == Some(&revision);
        rows.push(HistoryRow {
            annotation: AnnotationId(id),
            item: ItemId(item),
            project: project.id(),
            key: row.key.clone(),
            excerpt: excerpt(&data(row)?),
            revision: u32::try_from(revision).unwrap_or_default(),
            submitted_at: Millis(submitted_at),
            state,
            can_reopen: open && current && matches!(state, ItemState::Open | ItemState::Labeled),
        });
    }
    Ok(rows)
}

/// The beginning of the text, or the image's name.
fn excerpt(data: &ItemData) -> String {
    match data {
        ItemData::Image(image) => image.name.clone(),
        ItemData::Text(text) => {
            let mut chars = text.chars().map(|c| if c.is_control() { ' ' } else { c });
            let mut excerpt: String = chars.by_ref().take(EXCERPT_CHARS).collect();
            if chars.next().is_some() {
                excerpt.push('…');
            }
            excerpt
        }
    }
}
