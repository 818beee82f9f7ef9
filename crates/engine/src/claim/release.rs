//! Giving a claim back.

use super::access;
use super::queries::{self, Brief};
use crate::Ctx;
use crate::error::Result;
use crate::event::{self, Event};
use domain::error::Conflict;
use domain::id::ClaimId;
use serde_json::json;

/// Gives a claim back: its slot is free for anyone, its draft is kept for the caller. Returned work stays the caller's;
/// an own reopening is called off. Giving back what has ended already changes nothing.
pub async fn release(ctx: &Ctx, claim: ClaimId) -> Result<()> {
    let (row, _) = access::claim(ctx, claim).await?;
    let ctx2 = ctx.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let now = ctx2.now();
            if queries::end(tx, &Brief::of(&row), "released", now).await? {
                let deed = Event {
                    person: Some(ctx2.person()),
                    project: Some(row.project_id),
                    item: Some(row.item_id),
                    kind: "claim.released",
                    data: json!({ "claim": row.id }),
                };
                return event::record(tx, now, deed).await;
            }
            match queries::state_of(tx, row.id).await?.as_str() {
                "submitted" => Err(Conflict::AlreadySubmitted.into()),
                _ => Ok(()),
            }
        })
    })
    .await
}
