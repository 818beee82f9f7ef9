//! Inspections: draw, judge, decide.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
use crate::Ctx;
use crate::error::Result;
use domain::batch::{BatchView, Decide, InspectionSummary, InspectionView, Plan, SampleDetail, Verdict};
use domain::id::{BatchId, InspectionId, ItemId};

/// Opens (or goes on with) the caller's inspection of a batch.
pub async fn open(ctx: &Ctx, batch: BatchId, plan: Option<Plan>) -> Result<InspectionView> {
    todo!()
}
/// One inspection.
pub async fn get(ctx: &Ctx, inspection: InspectionId) -> Result<InspectionView> {
    todo!()
}
/// One drawn item.
pub async fn item(ctx: &Ctx, inspection: InspectionId, item: ItemId) -> Result<SampleDetail> {
    todo!()
}
/// Judges one drawn item.
pub async fn judge(ctx: &Ctx, inspection: InspectionId, item: ItemId, verdict: Verdict) -> Result<InspectionSummary> {
    todo!()
}
/// Decides a batch.
pub async fn decide(ctx: &Ctx, batch: BatchId, decide: Decide) -> Result<BatchView> {
    todo!()
}
