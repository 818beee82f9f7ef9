//! Taking work back in.
//!
//! Every submit that is answered is stored, once: a repeated one gets the same answer, one that comes after the claim
//! was taken back fills the slot if it is still free, and is kept as an uncounted extra if it is not.

use super::entity::{claim, rework};
use super::queries::{self, Brief};
use super::together::look::Held;
use super::together::submits::Submission;
use super::{access, settle};
use crate::Ctx;
use crate::annotation::entity::annotation;
use crate::db::Tx;
use crate::db::rows::raw;
use crate::error::{Error, Result};
use crate::event::{self, Event};
use crate::item::entity::item;
use crate::item::queries::{advance, complete, state, stored_data};
use crate::project::access::Project;
use crate::stats::queries::Delta;
use domain::annotation::{AnnotationKind, AnnotationValue, AnnotationView};
use domain::claim::{Submit, Submitted};
use domain::error::Conflict;
use domain::id::{AnnotationId, ClaimId, ItemId};
use domain::item::{ItemData, ItemEvent, ItemState};
use domain::project::Status;
use domain::schema::Subject;
use domain::time::Millis;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// The most characters of an idempotency key.
const KEY_MAX_CHARS: usize = 200;

/// Submits the whole value of a claim.
///
/// Refuses a value that breaks the schema in force: with `Invalid` when it was made under that very schema, with
/// `SchemaOutdated` when it was made under another. The same key again, or the same value without keys, gets the first
/// answer again; anything else on a submitted claim is refused with `AlreadySubmitted` (or `KeyReused`).
pub async fn submit(ctx: &Ctx, claim: ClaimId, submit: Submit, key: Option<String>) -> Result<Submitted> {
    if key.as_ref().is_some_and(|key| key.is_empty() || key.chars().count() > KEY_MAX_CHARS || key.contains('\0')) {
        let (zh, en) = ("幂等键须为 1–200 个字符。", "An idempotency key has 1 to 200 characters.");
        return Err(domain::Error::invalid("Idempotency-Key", "out-of-range", zh, en).into());
    }
    let (row, project) = access::held(ctx, claim).await?;
    let request = blake3::hash(serde_json::to_string(&submit.value)?.as_bytes()).to_hex().to_string();
    if row.request_hash.is_some() {
        return repeat(ctx, &row, key.as_deref(), &request).await;
    }
    if project.status == Status::Archived {
        return Err(Conflict::ProjectClosed.into());
    }
    if matches!(row.state.as_str(), "released" | "skipped") {
        return Err(Conflict::ClaimGone.into());
    }
    let data = stored_data(row.brief.item_id, &row.data)?;
    let value = checked(ctx, &project, &data, &submit.value, submit.schema_version).await?;
    let now = ctx.now();
    let raw_ms = Ord::max(now.0.saturating_sub(row.claimed_at), 0);
    let work = Arc::new(Work {
        ctx: ctx.clone(),
        claim: row.brief.clone(),
        key: key.clone(),
        request: request.clone(),
        stored: serde_json::to_string(&value)?,
        overlap: row.overlap,
        schema_version: project.row.schema_version,
        guideline_version: project.row.guideline_version,
        project: project.row.id,
        active_ms: submit.active_ms.clamp(0, raw_ms),
        raw_ms,
        now,
    });
    match ctx.engine().together().submits.run(ctx.engine().db(), Submission(work)).await? {
        Some(kept) => Ok(Submitted { annotation: own_view(ctx, kept, value), repeated: false }),
        None => {
            // Another tab was faster by a moment.
            let (row, _) = access::held(ctx, claim).await?;
            repeat(ctx, &row, key.as_deref(), &request).await
        }
    }
}

/// The value as it is stored, if the schema in force allows it.
pub(crate) async fn checked(
    ctx: &Ctx,
    project: &Project,
    data: &ItemData,
    value: &AnnotationValue,
    made_under: u32,
) -> Result<AnnotationValue> {
    let current = u32::try_from(project.row.schema_version).unwrap_or_default();
    let schema = ctx.engine().schemas().of(ctx.read(), project.row.id, project.row.schema_version).await?;
    match schema.check(value, Subject::from(data)) {
        Ok(checked) => Ok(checked.into_inner()),
        Err(_) if made_under != current => Err(Conflict::SchemaOutdated.into()),
        Err(problems) => Err(problems.into()),
    }
}

/// The answer to a submit on a claim that was submitted before.
async fn repeat(ctx: &Ctx, claim: &Held, key: Option<&str>, request: &str) -> Result<Submitted> {
    let same = claim.request_hash.as_deref() == Some(request);
    match (claim.submit_key.as_deref(), key) {
        (Some(old), Some(new)) if old == new && !same => return Err(Conflict::KeyReused.into()),
        (Some(old), Some(new)) if old != new => return Err(Conflict::AlreadySubmitted.into()),
        (Some(_), Some(_)) => {}
        (None, _) | (_, None) if same => {}
        (None, _) | (_, None) => return Err(Conflict::AlreadySubmitted.into()),
    }
    let rows =
        annotation::Entity::find().filter(annotation::Column::ClaimId.eq(claim.brief.id)).all(ctx.read()).await?;
    let views = crate::annotation::queries::views(ctx.read(), &rows).await?;
    let annotation = views.into_iter().next();
    let annotation = annotation.ok_or_else(|| anyhow::anyhow!("claim {} has no annotation", claim.brief.id))?;
    Ok(Submitted { annotation, repeated: true })
}

/// The caller's new annotation as a view, without asking the database for what is known.
fn own_view(ctx: &Ctx, row: Kept, value: AnnotationValue) -> AnnotationView {
    let whole = |n: i32| u32::try_from(n).unwrap_or_default();
    AnnotationView {
        id: AnnotationId(row.id),
        item: ItemId(row.item),
        revision: whole(row.revision),
        annotator: ctx.actor().username.clone(),
        annotator_name: ctx.actor().name.clone(),
        kind: AnnotationKind::Label,
        counted: row.counted,
        value,
        schema_version: whole(row.schema_version),
        guideline_version: whole(row.guideline_version),
        active_ms: row.active_ms,
        raw_ms: row.raw_ms,
        submitted_at: row.submitted_at,
        verdicts: Vec::new(),
    }
}

/// What was stored.
#[derive(Debug)]
pub(crate) struct Kept {
    id: Uuid,
    item: Uuid,
    revision: i32,
    counted: bool,
    schema_version: i32,
    guideline_version: i32,
    active_ms: i64,
    raw_ms: i64,
    submitted_at: Millis,
}

/// A checked submit on its way into the database.
pub(crate) struct Work {
    ctx: Ctx,
    pub(super) claim: Brief,
    pub(super) key: Option<String>,
    pub(super) request: String,
    pub(super) stored: String,
    pub(super) overlap: i32,
    schema_version: i32,
    guideline_version: i32,
    pub(super) project: Uuid,
    active_ms: i64,
    raw_ms: i64,
    pub(super) now: Millis,
}

impl Work {
    /// Stores it. Nothing when the claim was submitted in the meantime.
    pub(super) async fn keep(&self, tx: &Tx) -> Result<Option<Kept>> {
        if self.close_claim(tx, "live", "submitted").await? {
            let kept = match self.claim.rework_id {
                None => self.fill(tx).await?,
                Some(rework) => self.redo(tx, rework).await?,
            };
            return Ok(Some(kept));
        }
        let row = claim::Entity::find_by_id(self.claim.id).one(tx).await?;
        let row = row.ok_or_else(|| anyhow::anyhow!("claim {} is gone", self.claim.id))?;
        if row.request_hash.is_some() {
            return Ok(None);
        }
        if row.state != "expired" {
            return Err(Conflict::ClaimGone.into());
        }
        let kept = match self.claim.rework_id {
            None => self.fill_late(tx).await?,
            Some(rework) => self.redo_late(tx, rework).await?,
        };
        Ok(Some(kept))
    }

    /// Marks the claim as submitted, if it is in this state and was not.
    async fn close_claim(&self, tx: &Tx, old: &'static str, new: &'static str) -> Result<bool> {
        let sql = "UPDATE claims SET state = $3, ended_at = $4, submit_key = $5, request_hash = $6, draft = NULL \
                   WHERE id = $1 AND CASE WHEN state = $2 AND request_hash IS NULL THEN TRUE END";
        let values = [
            self.claim.id.into(),
            old.into(),
            new.into(),
            self.now.0.into(),
            self.key.clone().into(),
            self.request.clone().into(),
        ];
        Ok(tx.execute_raw(raw(tx, sql, values)).await?.rows_affected() == 1)
    }

    /// The usual way: the claim's slot is filled.
    async fn fill(&self, tx: &Tx) -> Result<Kept> {
        let kept = self.insert(tx, 1, true).await?;
        if self.overlap != 1 || !complete(tx, self.project, self.claim.item_id, &self.stored, self.now).await? {
            self.fill_item(tx).await?;
        }
        self.tell(tx, &kept, self.submitted()).await?;
        Ok(kept)
    }

    /// Fills a slot of the item, which may be its last.
    pub(super) async fn fill_item(&self, tx: &Tx) -> Result<()> {
        let mut update = item::Entity::update_many()
            .col_expr(item::Column::Filled, Expr::col(item::Column::Filled).add(1))
            .col_expr(item::Column::UpdatedAt, Expr::value(self.now.0))
            .filter(item::Column::Id.eq(self.claim.item_id));
        if self.overlap == 1 {
            update = update.col_expr(item::Column::Value, Expr::value(self.stored.clone()));
        }
        let row = update.exec_with_returning(tx).await?.into_iter().next();
        let row = row.ok_or_else(|| anyhow::anyhow!("item {} is gone", self.claim.item_id))?;
        settle::settle(tx, &row, self.now).await?;
        Ok(())
    }

    /// What a first annotation adds to the figures.
    pub(super) fn submitted(&self) -> Delta {
        Delta { submitted: 1, active_ms: self.active_ms, raw_ms: self.raw_ms, ..Delta::default() }
    }

    /// The claim was taken back: its slot counts if it is still free and the author has no other on this item.
    async fn fill_late(&self, tx: &Tx) -> Result<Kept> {
        let item = self.claim.item_id;
        let person = self.ctx.person();
        // Held from here on, so that two late submits of one person come one after the other.
        queries::lock_item(tx, item, self.now).await?;
        let mut other = queries::slot_of(tx, item, person).await?;
        if let Some((newer, _)) = other.as_ref().filter(|(_, state)| state == "live") {
            queries::end(tx, newer, "released", self.now).await?;
            other = None;
        }
        let revision = self.next_revision(tx, item).await?;
        if other.is_none() && revision == 1 && queries::take_slot(tx, item).await? {
            self.close_expired(tx, "submitted").await?;
            return self.fill(tx).await;
        }
        // Two claims of one person cannot both stand as submitted on one item: this one then stays expired.
        self.close_expired(tx, if other.is_none() { "submitted" } else { "expired" }).await?;
        self.extra(tx, revision).await
    }

    /// The author's next revision of returned or reopened work.
    async fn redo(&self, tx: &Tx, rework: Uuid) -> Result<Kept> {
        let item = self.claim.item_id;
        let row = queries::lock_item(tx, item, self.now).await?;
        let revision = self.next_revision(tx, item).await?;
        let sql = "UPDATE reworks SET state = 'done', done_at = $2 WHERE id = $1 AND state = 'open'";
        let done = tx.execute_raw(raw(tx, sql, [rework.into(), self.now.0.into()])).await?;
        if done.rows_affected() != 1 {
            return self.extra(tx, revision).await;
        }
        let kept = self.insert(tx, revision, true).await?;
        if self.overlap == 1 {
            item::Entity::update_many()
                .col_expr(item::Column::Value, Expr::value(self.stored.clone()))
                .filter(item::Column::Id.eq(item))
                .exec(tx)
                .await?;
        }
        settle::settle(tx, &row, self.now).await?;
        let delta = Delta { rework: 1, active_ms: self.active_ms, raw_ms: self.raw_ms, ..Delta::default() };
        self.tell(tx, &kept, delta).await?;
        Ok(kept)
    }

    /// The rework claim was taken back. Returned work still waits for its author; an own reopening was called off, and
    /// is taken up again if the item has not gone into review since.
    async fn redo_late(&self, tx: &Tx, rework: Uuid) -> Result<Kept> {
        let item = queries::lock_item(tx, self.claim.item_id, self.now).await?;
        self.close_expired(tx, "submitted").await?;
        let row = rework::Entity::find_by_id(rework).one(tx).await?;
        let row = row.ok_or_else(|| anyhow::anyhow!("rework {rework} is gone"))?;
        if row.state == "open" {
            let sql = "UPDATE claims SET state = 'released', ended_at = $2 WHERE rework_id = $1 AND state = 'live' \
                       AND rework_id IS NOT NULL";
            tx.execute_raw(raw(tx, sql, [rework.into(), self.now.0.into()])).await?;
            return self.redo(tx, rework).await;
        }
        let standing = state(&item)?;
        let reachable = matches!(standing, ItemState::Open | ItemState::Labeled);
        if row.own && reachable && last_counted(tx, item.id, self.ctx.person()).await? == Some(row.annotation_id) {
            let sql = "SELECT 1 FROM reworks WHERE annotation_id = $1 AND state = 'open'";
            let reopened = tx.query_one_raw(raw(tx, sql, [row.annotation_id.into()])).await?.is_some();
            if !reopened {
                let sql = "UPDATE reworks SET state = 'open', done_at = NULL WHERE id = $1";
                tx.execute_raw(raw(tx, sql, [rework.into()])).await?;
                if standing == ItemState::Labeled {
                    advance(tx, &item, ItemEvent::Reopened, self.now).await?;
                }
                return self.redo(tx, rework).await;
            }
        }
        let revision = self.next_revision(tx, item.id).await?;
        self.extra(tx, revision).await
    }

    async fn close_expired(&self, tx: &Tx, new: &'static str) -> Result<()> {
        if self.close_claim(tx, "expired", new).await? { Ok(()) } else { Err(Conflict::Changed.into()) }
    }

    /// Work is never thrown away: kept, not counted.
    async fn extra(&self, tx: &Tx, revision: i32) -> Result<Kept> {
        let kept = self.insert(tx, revision, false).await?;
        self.tell(tx, &kept, Delta { extra: 1, ..Delta::default() }).await?;
        Ok(kept)
    }

    async fn next_revision(&self, tx: &Tx, item: Uuid) -> Result<i32> {
        let last: Option<Option<i32>> = annotation::Entity::find()
            .select_only()
            .column_as(annotation::Column::Revision.max(), "last")
            .filter(annotation::Column::ItemId.eq(item))
            .filter(annotation::Column::PersonId.eq(self.ctx.person()))
            .filter(annotation::Column::Kind.eq("label"))
            .into_tuple()
            .one(tx)
            .await?;
        Ok(last.flatten().unwrap_or(0) + 1)
    }

    async fn insert(&self, tx: &Tx, revision: i32, counted: bool) -> Result<Kept> {
        let (row, kept) = self.annotation(revision, counted);
        annotation::Entity::insert(row).exec_without_returning(tx).await.map_err(Error::from)?;
        Ok(kept)
    }

    /// The annotation as a row, and what is told of it.
    pub(super) fn annotation(&self, revision: i32, counted: bool) -> (annotation::ActiveModel, Kept) {
        let id = self.ctx.new_id();
        let row = annotation::ActiveModel {
            id: Set(id),
            project_id: Set(self.project),
            item_id: Set(self.claim.item_id),
            person_id: Set(self.ctx.person()),
            kind: Set("label".to_owned()),
            revision: Set(revision),
            counted: Set(counted),
            value: Set(self.stored.clone()),
            schema_version: Set(self.schema_version),
            guideline_version: Set(self.guideline_version),
            active_ms: Set(self.active_ms),
            raw_ms: Set(self.raw_ms),
            submitted_at: Set(self.now.0),
            claim_id: Set(Some(self.claim.id)),
        };
        let kept = Kept {
            id,
            item: self.claim.item_id,
            revision,
            counted,
            schema_version: self.schema_version,
            guideline_version: self.guideline_version,
            active_ms: self.active_ms,
            raw_ms: self.raw_ms,
            submitted_at: self.now,
        };
        (row, kept)
    }

    /// Figures and the event of what was stored.
    pub(super) async fn tell(&self, tx: &Tx, kept: &Kept, delta: Delta) -> Result<()> {
        let organization = self.ctx.actor().organization.map(|id| id.0);
        crate::stats::queries::add(tx, self.now, self.project, self.ctx.person(), organization, delta).await?;
        let data = json!({ "claim": self.claim.id, "annotation": kept.id, "revision": kept.revision, "counted": kept.counted });
        let deed = Event {
            person: Some(self.ctx.person()),
            project: Some(self.project),
            item: Some(self.claim.item_id),
            kind: "item.submitted",
            data,
        };
        event::record(tx, self.now, deed).await
    }
}

/// The author's last counted annotation of an item.
pub(crate) async fn last_counted(db: &impl ConnectionTrait, item: Uuid, person: Uuid) -> Result<Option<Uuid>> {
    let sql = "SELECT id FROM annotations WHERE item_id = $1 AND person_id = $2 AND kind = 'label' AND counted \
               ORDER BY revision DESC LIMIT 1";
    let row = db.query_one_raw(raw(db, sql, [item.into(), person.into()])).await?;
    row.map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}
