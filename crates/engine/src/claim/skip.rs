//! Leaving an item with a reason.

use super::queries::{self, Brief};
use super::{access, checked_comment};
use crate::Ctx;
use crate::annotation::entity::annotation;
use crate::db::Tx;
use crate::error::Result;
use crate::event::{self, Event};
use crate::item::queries::{advance, state};
use crate::stats::queries::Delta;
use domain::Error;
use domain::claim::SkipReason;
use domain::error::Conflict;
use domain::id::ClaimId;
use domain::item::{ItemEvent, ItemState};
use domain::project::Status;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

/// Leaves an item: the slot goes to others and the caller is not handed the item again. Unusable data that nobody has
/// annotated makes the item void; where annotations exist others shall have a look, as with the other reasons.
///
/// Returned work cannot be skipped. Skipping again what was skipped changes nothing.
pub async fn skip(ctx: &Ctx, claim: ClaimId, reason: SkipReason, comment: Option<String>) -> Result<()> {
    let comment = checked_comment(comment, "comment")?;
    let (row, project) = access::claim(ctx, claim).await?;
    if project.status == Status::Archived {
        return Err(Conflict::ProjectClosed.into());
    }
    if row.rework_id.is_some() {
        let (zh, en) = ("返工条目不能跳过，请改正后提交。", "Returned work cannot be skipped: correct and submit it.");
        return Err(Error::invalid("", "rework", zh, en).into());
    }
    let ctx2 = ctx.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let now = ctx2.now();
            let project = row.project_id;
            if !queries::end(tx, &Brief::of(&row), "skipped", now).await? {
                return match queries::state_of(tx, row.id).await?.as_str() {
                    "skipped" => Ok(()),
                    "submitted" => Err(Conflict::AlreadySubmitted.into()),
                    _ => Err(Conflict::ClaimGone.into()),
                };
            }
            let void = reason == SkipReason::Unusable && void(tx, &ctx2, project, row.item_id).await?;
            let delta = Delta { skipped: 1, ..Delta::default() };
            let organization = ctx2.actor().organization.map(|id| id.0);
            crate::stats::queries::add(tx, now, project, ctx2.person(), organization, delta).await?;
            let deed = Event {
                person: Some(ctx2.person()),
                project: Some(project),
                item: Some(row.item_id),
                kind: if void { "item.voided" } else { "item.skipped" },
                data: json!({ "claim": row.id, "reason": reason, "comment": comment }),
            };
            event::record(tx, now, deed).await
        })
    })
    .await
}

/// Makes an item void that nobody has annotated. False where somebody has.
async fn void(tx: &Tx, ctx: &Ctx, project: Uuid, item: Uuid) -> Result<bool> {
    let now = ctx.now();
    let row = queries::lock_item(tx, item, now).await?;
    let annotated: Option<Uuid> = annotation::Entity::find()
        .select_only()
        .column(annotation::Column::Id)
        .filter(annotation::Column::ItemId.eq(item))
        .limit(1)
        .into_tuple()
        .one(tx)
        .await?;
    if annotated.is_some() || state(&row)? != ItemState::Open {
        return Ok(false);
    }
    queries::clear_item(tx, project, item, now).await?;
    advance(tx, &row, ItemEvent::Voided, now).await?;
    Ok(true)
}
