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
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// These claims, in this order.
pub(crate) async fn views(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<ClaimView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let claims = claim::Entity::find().filter(claim::Column::Id.is_in(ids.iter().copied())).all(db).await?;
    let of_items = claims.iter().map(|claim| claim.item_id);
    let items = item::Entity::find().filter(item::Column::Id.is_in(of_items)).all(db).await?;
    let items: HashMap<Uuid, item::Model> = items.into_iter().map(|item| (item.id, item)).collect();
    let mut notes = notes(db, &claims).await?;
    let mut claims: HashMap<Uuid, claim::Model> = claims.into_iter().map(|claim| (claim.id, claim)).collect();
    let mut views = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(claim) = claims.remove(id) else { continue };
        let Some(item) = items.get(&claim.item_id) else { continue };
        let draft = claim.draft.as_deref().map(serde_json::from_str).transpose()?;
        views.push(ClaimView {
            id: ClaimId(claim.id),
            claimed_at: Millis(claim.claimed_at),
            expires_at: Millis(claim.expires_at),
            item: view(item)?,
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
async fn notes(db: &impl ConnectionTrait, claims: &[claim::Model]) -> Result<HashMap<Uuid, ReworkNote>> {
    let ids: Vec<Uuid> = claims.iter().filter_map(|claim| claim.rework_id).collect();
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
