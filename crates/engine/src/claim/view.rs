//! Claims read as their holder sees them.

use super::entity::{claim, rework};
use crate::annotation;
use crate::annotation::entity::annotation as annotations;
use crate::error::Result;
use crate::item::entity::item;
use crate::item::queries::view;
use domain::annotation::AnnotationView;
use domain::claim::{ClaimView, Draft, ReworkNote};
use domain::id::ClaimId;
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// These claims, in this order.
pub(crate) async fn views(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<ClaimView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = claim::Entity::find()
        .join(JoinType::InnerJoin, claim::to_item())
        .select_also(item::Entity)
        .filter(claim::Column::Id.is_in(ids.iter().copied()))
        .all(db)
        .await?;
    let mut notes = notes(db, found.iter().filter_map(|(claim, _)| claim.rework_id).collect()).await?;
    let mut claims: HashMap<Uuid, _> = found.into_iter().map(|(claim, item)| (claim.id, (claim, item))).collect();
    let mut views = Vec::with_capacity(ids.len());
    for id in ids {
        let Some((claim, Some(item))) = claims.remove(id) else { continue };
        let draft = claim.draft.as_deref().map(serde_json::from_str).transpose()?;
        views.push(ClaimView {
            id: ClaimId(claim.id),
            claimed_at: Millis(claim.claimed_at),
            expires_at: Millis(claim.expires_at),
            item: view(&item)?,
            draft: draft.map(|value| Draft {
                value,
                active_ms: claim.draft_active_ms,
                sequence: u64::try_from(claim.draft_sequence).unwrap_or_default(),
            }),
            rework: claim.rework_id.and_then(|rework| notes.remove(&rework)),
        });
    }
    Ok(views)
}

/// What is to be put right, by rework.
async fn notes(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<HashMap<Uuid, ReworkNote>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let reworks = rework::Entity::find().filter(rework::Column::Id.is_in(ids)).all(db).await?;
    let previous = reworks.iter().map(|rework| rework.annotation_id);
    let rows = annotations::Entity::find().filter(annotations::Column::Id.is_in(previous)).all(db).await?;
    let previous = annotation::queries::views(db, &rows).await?;
    let previous: HashMap<Uuid, AnnotationView> = previous.into_iter().map(|view| (view.id.0, view)).collect();
    let mut notes = HashMap::new();
    for rework in reworks {
        let Some(previous) = previous.get(&rework.annotation_id) else { continue };
        let reason = rework.reason.map(|code| serde_json::from_value(code.into())).transpose()?;
        let note = ReworkNote {
            previous: previous.clone(),
            reason,
            comment: rework.comment,
            own: rework.own,
            returned_at: Millis(rework.returned_at),
        };
        notes.insert(rework.id, note);
    }
    Ok(notes)
}
