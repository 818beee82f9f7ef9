//! The decision on a batch and all that follows from it, in one transaction: items accepted or returned, rework for
//! their authors, the reviewer's fixes, verdicts kept beside annotations, figures.

use super::access::not_own;
use super::entity::{inspection, sample, verdict};
use super::get::{fix, kind};
use super::{holder, open};
use crate::Ctx;
use crate::annotation::entity::annotation;
use crate::batch::entity::{batch as batches, batch_item};
use crate::batch::{access, queries};
use crate::claim::checked_comment;
use crate::claim::entity::rework;
use crate::db::Tx;
use crate::db::rows::raw;
use crate::error::Result;
use crate::event::{self, Event};
use crate::item::entity::item;
use crate::item::queries::advance_many;
use crate::person::entity::person;
use crate::project::access::Project;
use crate::stats::queries::Delta;
use domain::Error;
use domain::annotation::VerdictKind;
use domain::batch::{BatchState, BatchView, Decide, DecisionKind};
use domain::error::{Conflict, Noun};
use domain::id::{AnnotationId, BatchId};
use domain::item::{ItemEvent, ItemState};
use domain::policy::{Action, Resource, may};
use domain::project::Status;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Rows of one statement.
const ROWS: usize = 500;

/// Decides a batch.
///
/// The reviewer who holds it decides once every drawn item has a verdict; a manager or operator at any time with a
/// written reason. `Accept` is refused while a drawn item failed, `ReturnFailed` while none did; a reviewer who returns
/// a whole batch without a failure says why. Nobody decides on their own work.
pub async fn decide(ctx: &Ctx, batch: BatchId, decide: Decide) -> Result<BatchView> {
    let db = ctx.read();
    let (row, project) = access::batch(db, ctx, batch).await?;
    let resource = Resource::Project { role: project.role };
    let manages = may(ctx.actor(), Action::Change, resource);
    if !manages {
        ctx.require(Action::Review, resource, Noun::Batch)?;
    }
    if project.status == Status::Archived {
        return Err(Conflict::ProjectClosed.into());
    }
    let reason = checked_comment(decide.reason, "reason")?;
    not_own(db, ctx, row.id).await?;
    let ctx2 = ctx.clone();
    let kind = decide.decision;
    let id = row.id;
    ctx.write(move |tx| {
        Box::pin(async move { Decision::load(tx, &ctx2, &project, id, kind, reason, manages).await?.carry_out().await })
    })
    .await?;
    let row = batches::Entity::find_by_id(id).one(ctx.read()).await?.ok_or(Error::NotFound(Noun::Batch))?;
    queries::view(ctx.read(), row).await
}

/// A current annotation of an item of the batch.
#[derive(Debug, Clone, Copy)]
struct Current {
    id: Uuid,
    person: Uuid,
    revision: i32,
}

/// A decision that may be carried out.
struct Decision<'a> {
    tx: &'a Tx,
    ctx: &'a Ctx,
    project: &'a Project,
    batch: batches::Model,
    inspection: Option<inspection::Model>,
    kind: DecisionKind,
    reason: Option<String>,
    /// Drawn items with a verdict.
    judged: HashMap<Uuid, sample::Model>,
    /// The batch's items in batch order.
    items: Vec<Uuid>,
}

impl<'a> Decision<'a> {
    async fn load(
        tx: &'a Tx,
        ctx: &'a Ctx,
        project: &'a Project,
        batch: Uuid,
        kind: DecisionKind,
        reason: Option<String>,
        manages: bool,
    ) -> Result<Self> {
        let batch = open::lock(tx, batch).await?;
        if !matches!(queries::state(&batch)?, BatchState::Waiting | BatchState::Inspecting) {
            return Err(Conflict::Decided.into());
        }
        let inspection = holder::running(tx, &[batch.id]).await?.into_iter().next();
        let samples = match &inspection {
            None => Vec::new(),
            Some(row) => {
                let samples = sample::Entity::find().filter(sample::Column::InspectionId.eq(row.id));
                samples.order_by_asc(sample::Column::Position).all(tx).await?
            }
        };
        let drawn = samples.len();
        let judged: HashMap<Uuid, sample::Model> =
            samples.into_iter().filter(|row| row.verdict.is_some()).map(|row| (row.item_id, row)).collect();
        if manages {
            if reason.is_none() {
                let (zh, en) = ("请写明理由。", "Give a written reason.");
                return Err(Error::invalid("reason", "required", zh, en).into());
            }
        } else {
            match &inspection {
                Some(row) if row.reviewer_id != ctx.person() => return Err(Conflict::HeldByOther.into()),
                Some(_) if judged.len() == drawn => {}
                Some(_) | None => return Err(Conflict::VerdictsMissing.into()),
            }
        }
        let mut failed = 0;
        for row in judged.values() {
            failed += i32::from(super::get::kind(row)? == Some(VerdictKind::Fail));
        }
        let re = inspection.as_ref().map_or(1, |row| row.re);
        match kind {
            DecisionKind::Accept if failed > 0 => return Err(Conflict::FailedItems.into()),
            DecisionKind::ReturnFailed if failed == 0 => return Err(Conflict::Nothing.into()),
            DecisionKind::ReturnAll if failed < re && reason.is_none() => {
                let (zh, en) = (
                    "没有不通过的条目时，整批返工须写明理由。",
                    "Returning a batch without a failed item needs a reason.",
                );
                return Err(Error::invalid("reason", "required", zh, en).into());
            }
            DecisionKind::Accept | DecisionKind::ReturnFailed | DecisionKind::ReturnAll => {}
        }
        let items = open::lot(tx, batch.id).await?.into_iter().map(|item| item.0).collect();
        Ok(Self { tx, ctx, project, batch, inspection, kind, reason, judged, items })
    }

    async fn carry_out(self) -> Result<()> {
        let now = self.ctx.now();
        let current = self.current().await?;
        let (accepted, returned) = self.split()?;
        let mut figures: BTreeMap<Uuid, Delta> = BTreeMap::new();
        self.keep_verdicts(&current, &mut figures).await?;
        self.keep_fixes(&accepted).await?;
        for item in &accepted {
            for row in current.get(item).into_iter().flatten() {
                figures.entry(row.person).or_default().accepted += 1;
            }
        }
        let returned_annotations = self.send_back(&returned, &current, &mut figures).await?;
        let project = self.batch.project_id;
        advance_many(self.tx, project, &accepted, ItemState::InReview, ItemEvent::Accepted, now).await?;
        advance_many(self.tx, project, &returned, ItemState::InReview, ItemEvent::Returned, now).await?;
        self.set_outcome(&accepted, "accepted").await?;
        self.set_outcome(&returned, "returned").await?;
        if let Some(row) = &self.inspection {
            let sql = "UPDATE inspections SET ended_at = $2 WHERE id = $1";
            self.tx.execute_raw(raw(self.tx, sql, [row.id.into(), now.0.into()])).await?;
            figures.entry(row.reviewer_id).or_default().reviewed += i64::try_from(self.judged.len()).unwrap_or(0);
        }
        let state = match self.kind {
            DecisionKind::Accept => BatchState::Accepted,
            DecisionKind::ReturnFailed => BatchState::PartlyReturned,
            DecisionKind::ReturnAll => BatchState::Returned,
        };
        let decision = super::judge::code(self.kind)?;
        let sql =
            "UPDATE batches SET state = $2, decided_at = $3, decided_by = $4, decision = $5, reason = $6 WHERE id = $1";
        let values = [
            self.batch.id.into(),
            state.code().into(),
            now.0.into(),
            self.ctx.person().into(),
            decision.clone().into(),
            self.reason.clone().into(),
        ];
        self.tx.execute_raw(raw(self.tx, sql, values)).await?;
        self.add_figures(figures).await?;
        let deed = Event {
            person: Some(self.ctx.person()),
            project: Some(project),
            item: None,
            kind: "batch.decided",
            data: json!({
                "batch": self.batch.id,
                "number": self.batch.number,
                "inspection": self.inspection.as_ref().map(|row| row.id),
                "decision": decision,
                "reason": self.reason,
                "accepted": accepted.len(),
                "returned": returned.len(),
                "annotations_returned": returned_annotations,
            }),
        };
        event::record(self.tx, now, deed).await
    }

    /// The last counted annotation of each author, by item.
    async fn current(&self) -> Result<HashMap<Uuid, Vec<Current>>> {
        let sql = "SELECT a.id, a.item_id, a.person_id, a.revision FROM batch_items b \
                   JOIN annotations a ON a.item_id = b.item_id WHERE b.batch_id = $1 AND a.kind = 'label' AND a.counted \
                   ORDER BY a.item_id, a.person_id, a.revision";
        let mut current: HashMap<Uuid, Vec<Current>> = HashMap::new();
        for row in self.tx.query_all_raw(raw(self.tx, sql, [self.batch.id.into()])).await? {
            let item: Uuid = row.try_get_by_index(1)?;
            let found = Current {
                id: row.try_get_by_index(0)?,
                person: row.try_get_by_index(2)?,
                revision: row.try_get_by_index(3)?,
            };
            let of_item = current.entry(item).or_default();
            match of_item.last_mut() {
                Some(before) if before.person == found.person => *before = found,
                _ => of_item.push(found),
            }
        }
        Ok(current)
    }

    /// Which items are accepted, which go back.
    fn split(&self) -> Result<(Vec<Uuid>, Vec<Uuid>)> {
        let (mut accepted, mut returned) = (Vec::new(), Vec::new());
        for item in &self.items {
            let failed = match self.judged.get(item) {
                Some(row) => kind(row)? == Some(VerdictKind::Fail),
                None => false,
            };
            let back = match self.kind {
                DecisionKind::Accept => false,
                DecisionKind::ReturnFailed => failed,
                DecisionKind::ReturnAll => true,
            };
            if back { returned.push(*item) } else { accepted.push(*item) }
        }
        Ok((accepted, returned))
    }

    /// Writes each verdict beside the annotations it is about, and counts those that were seen for the first time.
    async fn keep_verdicts(
        &self,
        current: &HashMap<Uuid, Vec<Current>>,
        figures: &mut BTreeMap<Uuid, Delta>,
    ) -> Result<()> {
        let Some(inspection) = &self.inspection else { return Ok(()) };
        let seen = self.seen_before(current).await?;
        let mut rows = Vec::new();
        for item in self.items.iter().filter(|item| self.judged.contains_key(item)) {
            let Some(drawn) = self.judged.get(item) else { continue };
            let chosen = chosen(drawn)?;
            for annotation in current.get(item).into_iter().flatten() {
                let mut kind = kind(drawn)?.unwrap_or(VerdictKind::Pass);
                if kind == VerdictKind::Fail && !chosen.is_empty() && !chosen.contains(&annotation.id) {
                    // The item failed for another author's work: this one was looked at and left alone.
                    kind = VerdictKind::Pass;
                }
                if annotation.revision == 1 && !seen.contains(&annotation.id) {
                    let delta = figures.entry(annotation.person).or_default();
                    delta.inspected += 1;
                    delta.passed += i64::from(kind == VerdictKind::Pass);
                }
                let blamed = kind != VerdictKind::Pass;
                rows.push(verdict::ActiveModel {
                    inspection_id: Set(inspection.id),
                    annotation_id: Set(annotation.id),
                    item_id: Set(*item),
                    batch_id: Set(self.batch.id),
                    reviewer_id: Set(inspection.reviewer_id),
                    verdict: Set(super::judge::code(kind)?),
                    reason: Set(drawn.reason.clone().filter(|_| blamed)),
                    comment: Set(drawn.comment.clone()),
                    judged_at: Set(drawn.judged_at.unwrap_or(self.ctx.now().0)),
                });
            }
        }
        for chunk in chunks(rows) {
            verdict::Entity::insert_many(chunk).exec_without_returning(self.tx).await?;
        }
        Ok(())
    }

    /// Annotations of drawn items that an earlier inspection judged.
    async fn seen_before(&self, current: &HashMap<Uuid, Vec<Current>>) -> Result<HashSet<Uuid>> {
        let ids: Vec<Uuid> =
            self.judged.keys().filter_map(|item| current.get(item)).flatten().map(|annotation| annotation.id).collect();
        let mut seen = HashSet::new();
        for chunk in ids.chunks(ROWS) {
            let found: Vec<Uuid> = verdict::Entity::find()
                .select_only()
                .column(verdict::Column::AnnotationId)
                .filter(verdict::Column::AnnotationId.is_in(chunk.iter().copied()))
                .into_tuple()
                .all(self.tx)
                .await?;
            seen.extend(found);
        }
        Ok(seen)
    }

    /// The reviewer's own values become annotations; of accepted items they are the agreed value.
    async fn keep_fixes(&self, accepted: &[Uuid]) -> Result<()> {
        let Some(inspection) = &self.inspection else { return Ok(()) };
        let accepted: HashSet<&Uuid> = accepted.iter().collect();
        let now = self.ctx.now();
        for item in self.items.iter().filter(|item| self.judged.contains_key(item)) {
            let Some(drawn) = self.judged.get(item) else { continue };
            if kind(drawn)? != Some(VerdictKind::Fixed) {
                continue;
            }
            let Some(fix) = fix(drawn)? else { continue };
            let value = serde_json::to_string(&fix.value)?;
            let sql = "SELECT max(revision) FROM annotations WHERE item_id = $1 AND person_id = $2 AND kind = 'fix'";
            let last =
                self.tx.query_one_raw(raw(self.tx, sql, [(*item).into(), inspection.reviewer_id.into()])).await?;
            let last: Option<i32> = last.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
            let row = annotation::ActiveModel {
                id: Set(self.ctx.new_id()),
                project_id: Set(self.batch.project_id),
                item_id: Set(*item),
                person_id: Set(inspection.reviewer_id),
                kind: Set("fix".to_owned()),
                revision: Set(last.unwrap_or(0) + 1),
                counted: Set(true),
                value: Set(value.clone()),
                schema_version: Set(fix.schema_version),
                guideline_version: Set(self.project.row.guideline_version),
                active_ms: Set(0),
                raw_ms: Set(0),
                submitted_at: Set(now.0),
                claim_id: Set(None),
            };
            annotation::Entity::insert(row).exec_without_returning(self.tx).await?;
            if accepted.contains(item) {
                item::Entity::update_many()
                    .col_expr(item::Column::Value, Expr::value(value))
                    .filter(item::Column::Id.eq(*item))
                    .exec(self.tx)
                    .await?;
            }
        }
        Ok(())
    }

    /// Writes rework for the authors of returned items. Returns how many annotations go back.
    async fn send_back(
        &self,
        returned: &[Uuid],
        current: &HashMap<Uuid, Vec<Current>>,
        figures: &mut BTreeMap<Uuid, Delta>,
    ) -> Result<usize> {
        let now = self.ctx.now();
        let mut rows = Vec::new();
        for item in returned {
            let mut words = (None, self.reason.clone());
            let mut only = Vec::new();
            if let Some(drawn) = self.judged.get(item)
                && kind(drawn)? == Some(VerdictKind::Fail)
            {
                words = (drawn.reason.clone(), drawn.comment.clone().or_else(|| self.reason.clone()));
                only = chosen(drawn)?;
            }
            for annotation in current.get(item).into_iter().flatten() {
                if !only.is_empty() && !only.contains(&annotation.id) {
                    continue;
                }
                figures.entry(annotation.person).or_default().returned += 1;
                rows.push(rework::ActiveModel {
                    id: Set(self.ctx.new_id()),
                    project_id: Set(self.batch.project_id),
                    item_id: Set(*item),
                    person_id: Set(annotation.person),
                    annotation_id: Set(annotation.id),
                    batch_id: Set(Some(self.batch.id)),
                    reason: Set(words.0.clone()),
                    comment: Set(words.1.clone()),
                    own: Set(false),
                    state: Set("open".to_owned()),
                    returned_at: Set(now.0),
                    done_at: Set(None),
                });
            }
        }
        let sent = rows.len();
        for chunk in chunks(rows) {
            rework::Entity::insert_many(chunk).exec_without_returning(self.tx).await?;
        }
        Ok(sent)
    }

    async fn set_outcome(&self, items: &[Uuid], outcome: &'static str) -> Result<()> {
        for chunk in items.chunks(ROWS) {
            batch_item::Entity::update_many()
                .col_expr(batch_item::Column::Outcome, Expr::value(outcome))
                .filter(batch_item::Column::BatchId.eq(self.batch.id))
                .filter(batch_item::Column::ItemId.is_in(chunk.iter().copied()))
                .exec(self.tx)
                .await?;
        }
        Ok(())
    }

    async fn add_figures(&self, figures: BTreeMap<Uuid, Delta>) -> Result<()> {
        let organizations: Vec<(Uuid, Option<Uuid>)> = person::Entity::find()
            .select_only()
            .columns([person::Column::Id, person::Column::OrganizationId])
            .filter(person::Column::Id.is_in(figures.keys().copied()))
            .into_tuple()
            .all(self.tx)
            .await?;
        let organizations: HashMap<Uuid, Option<Uuid>> = organizations.into_iter().collect();
        for (person, delta) in figures {
            let organization = organizations.get(&person).copied().flatten();
            let (now, project) = (self.ctx.now(), self.batch.project_id);
            crate::stats::queries::add(self.tx, now, project, person, organization, delta).await?;
        }
        Ok(())
    }
}

/// The annotations that a fail was given for; none means all.
fn chosen(drawn: &sample::Model) -> Result<Vec<Uuid>> {
    let ids: Vec<AnnotationId> =
        drawn.annotations.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// Rows in groups that fit into one statement.
fn chunks<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = rows.by_ref().take(ROWS).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}
