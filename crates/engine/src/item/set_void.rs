//! Declaring an item unusable.

use super::entity::item;
use super::{access, queries};
use crate::Ctx;
use crate::claim::entity::{claim, rework};
use crate::db::Tx;
use crate::error::Result;
use crate::event::{self, Event};
use domain::Error;
use domain::error::Conflict;
use domain::id::ItemId;
use domain::item::{ItemEvent, ItemState};
use domain::policy::Action;
use domain::time::Millis;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// The most characters of a reason.
const REASON_MAX: usize = 1_000;

/// Declares an item unusable. Claims on it end, returned work on it no longer waits; what was annotated stays.
pub async fn set_void(ctx: &Ctx, item: ItemId, reason: String) -> Result<()> {
    let reason = reason.trim().to_owned();
    let ctx2 = ctx.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let (row, _) = access::item(tx, &ctx2, item, Action::Change).await?;
            if reason.is_empty() || reason.chars().count() > REASON_MAX {
                let (zh, en) = ("请填写作废原因，不超过 1000 字。", "Say why, in at most 1,000 characters.");
                return Err(Error::invalid("reason", "reason", zh, en).into());
            }
            if matches!(queries::state(&row)?, ItemState::InReview | ItemState::Accepted) {
                return Err(Conflict::InReview.into());
            }
            let now = ctx2.now();
            queries::advance(tx, &row, ItemEvent::Voided, now).await?;
            end_work(tx, row.id, now).await?;
            let deed = Event {
                person: Some(ctx2.person()),
                project: Some(row.project_id),
                item: Some(row.id),
                kind: "item.voided",
                data: json!({ "from": row.state, "reason": reason }),
            };
            event::record(tx, now, deed).await
        })
    })
    .await
}

/// Claims on it are taken back, with their slots; returned work is done with.
async fn end_work(tx: &Tx, id: Uuid, now: Millis) -> Result<()> {
    let live = || claim::Column::ItemId.eq(id).and(claim::Column::State.eq("live"));
    let held = claim::Entity::find().filter(live()).all(tx).await?;
    let slots = held.iter().filter(|claim| claim.kind == "label").count();
    claim::Entity::update_many()
        .col_expr(claim::Column::State, Expr::value("released"))
        .col_expr(claim::Column::EndedAt, Expr::value(now.0))
        .filter(live())
        .exec(tx)
        .await?;
    let slots = i32::try_from(slots).unwrap_or(i32::MAX);
    item::Entity::update_many()
        .col_expr(item::Column::Free, Expr::col(item::Column::Free).add(slots))
        .filter(item::Column::Id.eq(id))
        .exec(tx)
        .await?;
    rework::Entity::update_many()
        .col_expr(rework::Column::State, Expr::value("done"))
        .col_expr(rework::Column::DoneAt, Expr::value(now.0))
        .filter(rework::Column::ItemId.eq(id))
        .filter(rework::Column::State.eq("open"))
        .exec(tx)
        .await?;
    Ok(())
}
