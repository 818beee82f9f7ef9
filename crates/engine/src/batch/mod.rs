//! Batches: made, listed.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
use crate::Ctx;
use crate::error::Result;
use domain::batch::{BatchView, NewBatch};
use domain::id::{BatchId, ProjectId};

/// The project's batches, newest first.
pub async fn list(ctx: &Ctx, project: ProjectId) -> Result<Vec<BatchView>> {
    todo!()
}
/// One batch.
pub async fn get(ctx: &Ctx, batch: BatchId) -> Result<BatchView> {
    todo!()
}
/// Gathers labeled items.
pub async fn create(ctx: &Ctx, project: ProjectId, new: NewBatch) -> Result<BatchView> {
    todo!()
}
/// What the caller may review now, in all projects.
pub async fn reviewable(ctx: &Ctx) -> Result<Vec<BatchView>> {
    todo!()
}
