//! Keeping work in progress.

use super::access;
use super::together::drafts::Save;
use crate::Ctx;
use crate::db::Tx;
use crate::db::rows::raw;
use crate::error::Result;
use domain::Error;
use domain::claim::Draft;
use domain::error::Conflict;
use domain::id::ClaimId;
use domain::project::Status;
use sea_orm::ConnectionTrait;

/// The most bytes of a draft as JSON.
pub(crate) const DRAFT_MAX_BYTES: usize = 4 << 20;

/// Keeps a draft on a claim that the caller holds, also after its time is up as long as nobody took it back.
///
/// Refuses with `DraftOutdated` when a draft with a higher sequence is stored, with `ClaimGone` when the claim ended.
pub async fn save_draft(ctx: &Ctx, claim: ClaimId, draft: Draft) -> Result<()> {
    let project = access::project_of(ctx, claim).await?;
    if project.status == Status::Archived {
        return Err(Conflict::ProjectClosed.into());
    }
    let value = serde_json::to_string(&draft.value)?;
    if value.len() > DRAFT_MAX_BYTES {
        return Err(Error::TooLarge(DRAFT_MAX_BYTES as u64).into());
    }
    let save = Save {
        claim: claim.0,
        project: project.row.id,
        value: value.into(),
        sequence: i64::try_from(draft.sequence).unwrap_or(i64::MAX),
        active_ms: draft.active_ms.max(0),
        now: ctx.now(),
    };
    ctx.engine().together().drafts.run(ctx.engine().db(), save).await
}

pub(super) async fn save(tx: &Tx, draft: &Save) -> Result<()> {
    let sql = "UPDATE claims SET draft = $2, draft_sequence = $3, draft_active_ms = $4, draft_saved_at = $5 \
               WHERE id = $1 AND CASE WHEN state = 'live' AND draft_sequence <= $3 THEN TRUE END";
    let values =
        [draft.claim.into(), (*draft.value).into(), draft.sequence.into(), draft.active_ms.into(), draft.now.0.into()];
    if tx.execute_raw(raw(tx, sql, values)).await?.rows_affected() == 1 {
        return Ok(());
    }
    let sql = "SELECT 1 FROM claims WHERE id = $1 AND CASE WHEN state = 'live' THEN TRUE END";
    let live = tx.query_one_raw(raw(tx, sql, [draft.claim.into()])).await?.is_some();
    Err(if live { Conflict::DraftOutdated } else { Conflict::ClaimGone }.into())
}
