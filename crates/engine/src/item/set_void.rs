//! Declaring an item unusable.

use super::{access, queries};
use crate::Ctx;
use crate::claim::queries::{clear_item, lock_item};
use crate::error::Result;
use crate::event::{self, Event};
use domain::Error;
use domain::error::Conflict;
use domain::id::ItemId;
use domain::item::{ItemEvent, ItemState};
use domain::policy::Action;
use serde_json::json;

/// The most characters of a reason.
const REASON_MAX: usize = 1_000;

/// Declares an item unusable. Claims on it are taken back, returned work on it no longer waits; what was
/// annotated stays, and what comes in late is kept uncounted.
pub async fn set_void(ctx: &Ctx, item: ItemId, reason: String) -> Result<()> {
    let reason = reason.trim().to_owned();
    let ctx2 = ctx.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let (row, _) = access::item(tx, &ctx2, item, Action::Change).await?;
            let now = ctx2.now();
            // From here on nobody takes, submits or reopens it.
            let row = lock_item(tx, row.id, now).await?;
            if reason.is_empty() || reason.chars().count() > REASON_MAX {
                let (zh, en) = ("请填写作废原因，不超过 1000 字。", "Say why, in at most 1,000 characters.");
                return Err(Error::invalid("reason", "reason", zh, en).into());
            }
            if matches!(queries::state(&row)?, ItemState::InReview | ItemState::Accepted) {
                return Err(Conflict::InReview.into());
            }
            clear_item(tx, row.project_id, row.id, now).await?;
            queries::advance(tx, &row, ItemEvent::Voided, now).await?;
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
