//! A verdict on a drawn item.

use super::access::{self, Found};
use super::entity::{inspection, sample};
use super::get::{Fix, kind};
use super::item::current;
use crate::Ctx;
use crate::batch::queries;
use crate::claim::{checked, checked_comment};
use crate::db::Tx;
use crate::db::rows::raw;
use crate::error::Result;
use crate::event::{self, Event};
use crate::item::entity::item as items;
use crate::item::queries::data;
use domain::Error;
use domain::annotation::{Reason, VerdictKind};
use domain::batch::{BatchState, InspectionSummary, Verdict};
use domain::error::{Conflict, Noun};
use domain::id::{InspectionId, ItemId};
use domain::policy::{Action, Resource};
use domain::project::Status;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::json;
use uuid::Uuid;

/// Judges one drawn item; a verdict may be changed until the batch is decided.
///
/// `fail` needs a reason, and `other` words; `fixed` needs a value that satisfies the schema in force. Only the
/// reviewer who holds the batch judges.
pub async fn judge(ctx: &Ctx, inspection: InspectionId, item: ItemId, verdict: Verdict) -> Result<InspectionSummary> {
    let db = ctx.read();
    let found = access::inspection(db, ctx, inspection).await?;
    ctx.require(Action::Review, Resource::Project { role: found.project.role }, Noun::Inspection)?;
    if found.project.status == Status::Archived {
        return Err(Conflict::ProjectClosed.into());
    }
    if found.inspection.reviewer_id != ctx.person() {
        return Err(Conflict::HeldByOther.into());
    }
    if sample::Entity::find_by_id((inspection.0, item.0)).one(db).await?.is_none() {
        return Err(Error::NotFound(Noun::Item).into());
    }
    let stored = prepare(ctx, &found, item.0, verdict).await?;
    let ctx2 = ctx.clone();
    let row = ctx.write(move |tx| Box::pin(async move { judge_in(tx, &ctx2, &found, stored).await })).await?;
    queries::summary(ctx.read(), &row).await
}

/// The verdict as a row, after its rules were checked.
async fn prepare(ctx: &Ctx, found: &Found, item: Uuid, verdict: Verdict) -> Result<sample::ActiveModel> {
    let comment = checked_comment(verdict.comment, "comment")?;
    let (mut reason, mut annotations, mut fix) = (None, None, None);
    match verdict.verdict {
        VerdictKind::Pass => {}
        VerdictKind::Fail => {
            let Some(given) = verdict.reason else {
                let (zh, en) = ("不通过须选择原因。", "A failed item needs a reason.");
                return Err(Error::invalid("reason", "required", zh, en).into());
            };
            if given == Reason::Other && comment.is_none() {
                let (zh, en) = ("原因为“其他”时须写明说明。", "The reason “other” needs a comment.");
                return Err(Error::invalid("comment", "required", zh, en).into());
            }
            reason = Some(code(given)?);
            if !verdict.annotations.is_empty() {
                let current = current(ctx.read(), item).await?;
                let known = |id: Uuid| current.iter().any(|row| row.id == id && row.kind == "label");
                if !verdict.annotations.iter().all(|id| known(id.0)) {
                    let (zh, en) =
                        ("所选标注不是该条目的当前标注。", "Not all of these are current annotations of the item.");
                    return Err(Error::invalid("annotations", "unknown-annotation", zh, en).into());
                }
                annotations = Some(serde_json::to_string(&verdict.annotations)?);
            }
        }
        VerdictKind::Fixed => {
            let Some(value) = verdict.value else {
                let (zh, en) = ("修正须给出正确的标注。", "A fix needs the right value.");
                return Err(Error::invalid("value", "required", zh, en).into());
            };
            let row = items::Entity::find_by_id(item).one(ctx.read()).await?.ok_or(Error::NotFound(Noun::Item))?;
            let version = found.project.row.schema_version;
            let made_under = u32::try_from(version).unwrap_or_default();
            let value = checked(ctx, &found.project, &data(&row)?, &value, made_under).await?;
            fix = Some(serde_json::to_string(&Fix { schema_version: version, value })?);
        }
    }
    Ok(sample::ActiveModel {
        inspection_id: Set(found.inspection.id),
        item_id: Set(item),
        verdict: Set(Some(code(verdict.verdict)?)),
        reason: Set(reason),
        comment: Set(comment),
        annotations: Set(annotations),
        fix_value: Set(fix),
        judged_at: Set(Some(ctx.now().0)),
        ..Default::default()
    })
}

/// The code of a unit variant, as its serialised form says it.
pub(super) fn code(variant: impl serde::Serialize) -> Result<String> {
    match serde_json::to_value(variant)? {
        serde_json::Value::String(code) => Ok(code),
        other => Err(anyhow::anyhow!("not a code: {other}").into()),
    }
}

async fn judge_in(tx: &Tx, ctx: &Ctx, found: &Found, stored: sample::ActiveModel) -> Result<inspection::Model> {
    let now = ctx.now();
    let batch = super::open::lock(tx, found.batch.id).await?;
    let standing = queries::state(&batch)?;
    if !matches!(standing, BatchState::Waiting | BatchState::Inspecting) {
        return Err(Conflict::Decided.into());
    }
    let missing = || Error::NotFound(Noun::Inspection);
    let mut row = inspection::Entity::find_by_id(found.inspection.id).one(tx).await?.ok_or_else(missing)?;
    if row.ended_at.is_some() {
        // Away for so long that somebody else took over.
        return Err(Conflict::HeldByOther.into());
    }
    let item = stored.item_id.clone().take().ok_or_else(missing)?;
    let old = sample::Entity::find_by_id((row.id, item)).one(tx).await?.ok_or(Error::NotFound(Noun::Item))?;
    let count = |row: &mut inspection::Model, verdict: Option<VerdictKind>, by: i32| match verdict {
        Some(VerdictKind::Pass) => row.passed += by,
        Some(VerdictKind::Fail) => row.failed += by,
        Some(VerdictKind::Fixed) => row.fixed += by,
        None => {}
    };
    count(&mut row, kind(&old)?, -1);
    let new = sample::Entity::update(stored).exec(tx).await?;
    count(&mut row, kind(&new)?, 1);
    let sql = "UPDATE inspections SET passed = $2, failed = $3, fixed = $4 WHERE id = $1";
    let values = [row.id.into(), row.passed.into(), row.failed.into(), row.fixed.into()];
    tx.execute_raw(raw(tx, sql, values)).await?;
    if standing == BatchState::Waiting {
        let sql = "UPDATE batches SET state = 'inspecting' WHERE id = $1 AND state = 'waiting'";
        tx.execute_raw(raw(tx, sql, [batch.id.into()])).await?;
    }
    let deed = Event {
        person: Some(ctx.person()),
        project: Some(batch.project_id),
        item: Some(item),
        kind: "item.judged",
        data: json!({ "inspection": row.id, "verdict": new.verdict, "reason": new.reason, "comment": new.comment }),
    };
    event::record(tx, now, deed).await?;
    Ok(row)
}
