//! Batches: lots of labeled items that are inspected and decided as one.

use axum::http::StatusCode;
use domain::batch::{self, BatchView};
use domain::id::{BatchId, ProjectId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::extract::{Json, OptionalJson, Path, Query};
use super::inspections::InspectionFigures;
use super::shape::{Page, mirror, moment, moment_of, read_moment};
use crate::identity::Caller;
use crate::problem::Refusal;

mirror! {
    /// Where a batch stands.
    BatchState = domain::batch::BatchState {
        /// Waits for a reviewer.
        Waiting,
        /// Being inspected.
        Inspecting,
        /// Accepted whole.
        Accepted,
        /// Failed items were returned, the rest accepted.
        PartlyReturned,
        /// Returned whole.
        Returned,
    }
}

mirror! {
    /// What becomes of a batch.
    DecisionKind = domain::batch::DecisionKind {
        /// Everything is accepted; not open while failed items are in the batch.
        Accept,
        /// Failed items go back to their authors, the rest is accepted.
        ReturnFailed,
        /// The whole batch goes back to its authors.
        ReturnAll,
    }
}

/// A new batch: the oldest labeled items that fit.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBatch {
    /// At most so many items; the project's batch size when left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10000)]
    size: Option<u32>,
    #[serde(default)]
    filter: Option<BatchFilter>,
}

/// Which labeled items join.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchFilter {
    /// Only items with an annotation by this person (user name).
    #[serde(default)]
    annotator: Option<String>,
    /// Only items whose key begins so.
    #[serde(default)]
    #[schema(max_length = 200)]
    key_prefix: Option<String>,
    /// Only items finished at or after this moment.
    #[serde(default)]
    #[schema(format = DateTime)]
    from: Option<String>,
    /// Only items finished before this moment.
    #[serde(default)]
    #[schema(format = DateTime)]
    to: Option<String>,
}

impl BatchFilter {
    fn read(self) -> Result<batch::BatchFilter, domain::Error> {
        Ok(batch::BatchFilter {
            annotator: self.annotator,
            key_prefix: self.key_prefix,
            from: read_moment("filter.from", self.from)?,
            to: read_moment("filter.to", self.to)?,
        })
    }
}

/// A lot of labeled items.
#[derive(Serialize, ToSchema)]
pub struct Batch {
    id: Uuid,
    project: Uuid,
    /// Its number in the project, from 1.
    number: u32,
    /// Its items.
    size: u32,
    state: BatchState,
    #[schema(format = DateTime)]
    created_at: String,
    /// The running or last inspection.
    inspection: Option<InspectionFigures>,
    #[schema(format = DateTime)]
    decided_at: Option<String>,
    /// User name.
    decided_by: Option<String>,
    reason: Option<String>,
}

impl From<BatchView> for Batch {
    fn from(view: BatchView) -> Self {
        Self {
            id: view.id.0,
            project: view.project.0,
            number: view.number,
            size: view.size,
            state: view.state.into(),
            created_at: moment(view.created_at),
            inspection: view.inspection.map(Into::into),
            decided_at: moment_of(view.decided_at),
            decided_by: view.decided_by,
            reason: view.reason,
        }
    }
}

/// A decision. Before every verdict of the sample is there only a manager may decide, with a written reason.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    decision: DecisionKind,
    /// Shown to the authors of returned work.
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

/// Which batches.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BatchParams {
    /// Only those that stand here.
    state: Option<BatchState>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// The batches of a project, newest first.
#[utoipa::path(get, path = "/api/v1/projects/{id}/batches", tag = "review", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project."), BatchParams),
    responses((status = 200, description = "A page of batches.", body = Page<Batch>)))]
pub async fn list_batches(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Query(params): Query<BatchParams>,
) -> Result<Json<Page<Batch>>, Refusal> {
    let query = batch::BatchQuery { state: params.state.map(Into::into), after: params.after, limit: params.limit };
    Ok(Json(Page::of(engine::batch::list(&ctx, ProjectId(id), query).await?)))
}

/// Gather labeled items into a batch.
#[utoipa::path(post, path = "/api/v1/projects/{id}/batches", tag = "review", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project.")), request_body = Option<NewBatch>,
    responses((status = 201, description = "The batch.", body = Batch)))]
pub async fn create_batch(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    OptionalJson(new): OptionalJson<NewBatch>,
) -> Result<(StatusCode, Json<Batch>), Refusal> {
    let filter = new.filter.map(BatchFilter::read).transpose()?;
    let made = engine::batch::create(&ctx, ProjectId(id), batch::NewBatch { size: new.size, filter }).await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// One batch.
#[utoipa::path(get, path = "/api/v1/batches/{id}", tag = "review", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The batch.")),
    responses((status = 200, description = "The batch.", body = Batch)))]
pub async fn get_batch(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Json<Batch>, Refusal> {
    Ok(Json(engine::batch::get(&ctx, BatchId(id)).await?.into()))
}

/// Accept or return a batch.
#[utoipa::path(post, path = "/api/v1/batches/{id}/decision", tag = "review", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The batch.")), request_body = Decision,
    responses((status = 200, description = "The batch, decided.", body = Batch)))]
pub async fn decide_batch(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Json(decision): Json<Decision>,
) -> Result<Json<Batch>, Refusal> {
    let decide = batch::Decide { decision: decision.decision.into(), reason: decision.reason };
    Ok(Json(engine::inspection::decide(&ctx, BatchId(id), decide).await?.into()))
}
