//! Inspections: a reviewer's pass over a batch, with a verdict for each drawn item.

use axum::http::StatusCode;
use domain::batch::{self, InspectionSummary, InspectionView, SampleDetail};
use domain::id::{AnnotationId, BatchId, InspectionId, ItemId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::batches::Batch;
use super::extract::{Json, OptionalJson, Path};
use super::items::{Annotation, Item, Reason, VerdictKind};
use super::shape::moment;
use crate::identity::Caller;
use crate::problem::Refusal;

/// How the sample is drawn.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Plan {
    /// Every item.
    All {},
    /// A share of the batch, at least one item.
    Rate {
        /// Above 0 up to 1.
        #[schema(exclusive_minimum = 0, maximum = 1)]
        rate: f64,
    },
}

impl From<batch::Plan> for Plan {
    fn from(plan: batch::Plan) -> Self {
        match plan {
            batch::Plan::All => Plan::All {},
            batch::Plan::Rate { rate } => Plan::Rate { rate },
        }
    }
}

impl From<Plan> for batch::Plan {
    fn from(plan: Plan) -> Self {
        match plan {
            Plan::All {} => batch::Plan::All,
            Plan::Rate { rate } => batch::Plan::Rate { rate },
        }
    }
}

/// A new inspection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInspection {
    /// As the project's settings say when left out.
    #[serde(default)]
    plan: Option<Plan>,
}

/// An inspection in figures.
#[derive(Serialize, ToSchema)]
pub struct InspectionFigures {
    id: Uuid,
    reviewer: Uuid,
    /// User name.
    reviewer_name: String,
    plan: Plan,
    /// The seed of the draw.
    seed: String,
    /// SHA-256 over the batch's item ids, so that the draw can be repeated and proved.
    lot_hash: String,
    /// Items drawn.
    n: u32,
    /// Accept at up to so many failures.
    ac: u32,
    /// Reject from so many failures.
    re: u32,
    passed: u32,
    failed: u32,
    fixed: u32,
    #[schema(format = DateTime)]
    started_at: String,
}

impl From<InspectionSummary> for InspectionFigures {
    fn from(summary: InspectionSummary) -> Self {
        Self {
            id: summary.id.0,
            reviewer: summary.reviewer.0,
            reviewer_name: summary.reviewer_name,
            plan: summary.plan.into(),
            seed: summary.seed,
            lot_hash: summary.lot_hash,
            n: summary.n,
            ac: summary.ac,
            re: summary.re,
            passed: summary.passed,
            failed: summary.failed,
            fixed: summary.fixed,
            started_at: moment(summary.started_at),
        }
    }
}

/// An inspection with its sample.
#[derive(Serialize, ToSchema)]
pub struct Inspection {
    #[serde(flatten)]
    figures: InspectionFigures,
    batch: Batch,
    /// The drawn items, in the order of review.
    sample: Vec<SampleItem>,
}

/// One drawn item.
#[derive(Serialize, ToSchema)]
pub struct SampleItem {
    item: Uuid,
    key: String,
    verdict: Option<Verdict>,
}

impl From<InspectionView> for Inspection {
    fn from(view: InspectionView) -> Self {
        let sample = view.sample.into_iter().map(|drawn| SampleItem {
            item: drawn.item.0,
            key: drawn.key,
            verdict: drawn.verdict.map(Into::into),
        });
        Self { figures: view.summary.into(), batch: view.batch.into(), sample: sample.collect() }
    }
}

/// One drawn item with what the reviewer looks at.
#[derive(Serialize, ToSchema)]
pub struct SampleWhole {
    item: Item,
    /// The last revision of each author, and fixes.
    annotations: Vec<Annotation>,
    verdict: Option<Verdict>,
}

impl From<SampleDetail> for SampleWhole {
    fn from(detail: SampleDetail) -> Self {
        Self {
            item: detail.item.into(),
            annotations: detail.annotations.into_iter().map(Into::into).collect(),
            verdict: detail.verdict.map(Into::into),
        }
    }
}

/// A verdict on one item.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    verdict: VerdictKind,
    /// Needed for `fail`.
    #[serde(default)]
    reason: Option<Reason>,
    /// The reviewer's words.
    #[serde(default)]
    #[schema(max_length = 1000)]
    comment: Option<String>,
    /// For `fixed`: the right value.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    value: Option<Map<String, Value>>,
    /// For `fail`: the annotations that go back; all of the item's when empty.
    #[serde(default)]
    #[schema(max_items = 20)]
    annotations: Vec<Uuid>,
}

impl From<batch::Verdict> for Verdict {
    fn from(verdict: batch::Verdict) -> Self {
        Self {
            verdict: verdict.verdict.into(),
            reason: verdict.reason.map(Into::into),
            comment: verdict.comment,
            value: verdict.value,
            annotations: verdict.annotations.into_iter().map(|id| id.0).collect(),
        }
    }
}

impl From<Verdict> for batch::Verdict {
    fn from(verdict: Verdict) -> Self {
        Self {
            verdict: verdict.verdict.into(),
            reason: verdict.reason.map(Into::into),
            comment: verdict.comment,
            value: verdict.value,
            annotations: verdict.annotations.into_iter().map(AnnotationId).collect(),
        }
    }
}

/// Begin inspecting a batch, or go on: the running inspection of the same reviewer is told again.
#[utoipa::path(post, path = "/api/v1/batches/{id}/inspections", tag = "review", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The batch.")), request_body = Option<NewInspection>,
    responses((status = 201, description = "The inspection with the drawn sample.", body = Inspection)))]
pub async fn open_inspection(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    OptionalJson(new): OptionalJson<NewInspection>,
) -> Result<(StatusCode, Json<Inspection>), Refusal> {
    let opened = engine::inspection::open(&ctx, BatchId(id), new.plan.map(Into::into)).await?;
    Ok((StatusCode::CREATED, Json(opened.into())))
}

/// One inspection.
#[utoipa::path(get, path = "/api/v1/inspections/{id}", tag = "review", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The inspection.")),
    responses((status = 200, description = "The inspection.", body = Inspection)))]
pub async fn get_inspection(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Json<Inspection>, Refusal> {
    Ok(Json(engine::inspection::get(&ctx, InspectionId(id)).await?.into()))
}

/// A drawn item with its annotations.
#[utoipa::path(get, path = "/api/v1/inspections/{id}/items/{item}", tag = "review", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The inspection."), ("item" = Uuid, Path, description = "The drawn item.")),
    responses((status = 200, description = "The item.", body = SampleWhole)))]
pub async fn get_sample_item(
    Caller(ctx): Caller,
    Path((id, item)): Path<(Uuid, Uuid)>,
) -> Result<Json<SampleWhole>, Refusal> {
    Ok(Json(engine::inspection::item(&ctx, InspectionId(id), ItemId(item)).await?.into()))
}

/// Judge a drawn item; an earlier verdict is replaced while the batch is undecided.
#[utoipa::path(put, path = "/api/v1/inspections/{id}/verdicts/{item}", tag = "review", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The inspection."), ("item" = Uuid, Path, description = "The drawn item.")),
    request_body = Verdict,
    responses((status = 200, description = "The inspection in figures.", body = InspectionFigures)))]
pub async fn judge_item(
    Caller(ctx): Caller,
    Path((id, item)): Path<(Uuid, Uuid)>,
    Json(verdict): Json<Verdict>,
) -> Result<Json<InspectionFigures>, Refusal> {
    let figures = engine::inspection::judge(&ctx, InspectionId(id), ItemId(item), verdict.into()).await?;
    Ok(Json(figures.into()))
}
