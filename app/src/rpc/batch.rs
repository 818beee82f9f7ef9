//! Batches and their decision.

use crate::error::AppError;
use domain::Page;
use domain::batch::{BatchQuery, BatchView, Decide, NewBatch};
use domain::id::{BatchId, ProjectId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// A page of a project's batches.
#[server(prefix = "/rpc", endpoint = "list_batches", input = Json, output = Json)]
pub async fn list_batches(project: ProjectId, query: BatchQuery) -> Result<Page<BatchView>, AppError> {
    told(engine::batch::list(&ctx()?, project, query).await)
}

/// Batches that wait for the caller's review.
#[server(prefix = "/rpc", endpoint = "list_reviewable_batches", input = Json, output = Json)]
pub async fn list_reviewable_batches() -> Result<Vec<BatchView>, AppError> {
    told(engine::batch::reviewable(&ctx()?).await)
}

/// Gathers labeled items.
#[server(prefix = "/rpc", endpoint = "create_batch", input = Json, output = Json)]
pub async fn create_batch(project: ProjectId, batch: NewBatch) -> Result<BatchView, AppError> {
    told(engine::batch::create(&ctx()?, project, batch).await)
}

/// Accepts or returns a batch.
#[server(prefix = "/rpc", endpoint = "decide_batch", input = Json, output = Json)]
pub async fn decide_batch(batch: BatchId, decision: Decide) -> Result<BatchView, AppError> {
    told(engine::inspection::decide(&ctx()?, batch, decision).await)
}
