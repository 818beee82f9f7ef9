//! Inspections and verdicts.

use crate::error::AppError;
use domain::batch::{InspectionSummary, InspectionView, Plan, SampleDetail, Verdict};
use domain::id::{BatchId, InspectionId, ItemId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// Draws the sample and begins.
#[server(prefix = "/rpc", endpoint = "open_inspection", input = Json, output = Json)]
pub async fn open_inspection(batch: BatchId, plan: Option<Plan>) -> Result<InspectionView, AppError> {
    told(engine::inspection::open(&ctx()?, batch, plan).await)
}

/// An inspection with its sample.
#[server(prefix = "/rpc", endpoint = "get_inspection", input = Json, output = Json)]
pub async fn get_inspection(inspection: InspectionId) -> Result<InspectionView, AppError> {
    told(engine::inspection::get(&ctx()?, inspection).await)
}

/// One drawn item.
#[server(prefix = "/rpc", endpoint = "get_sample_item", input = Json, output = Json)]
pub async fn get_sample_item(inspection: InspectionId, item: ItemId) -> Result<SampleDetail, AppError> {
    told(engine::inspection::item(&ctx()?, inspection, item).await)
}

/// A verdict.
#[server(prefix = "/rpc", endpoint = "judge_item", input = Json, output = Json)]
pub async fn judge_item(
    inspection: InspectionId,
    item: ItemId,
    verdict: Verdict,
) -> Result<InspectionSummary, AppError> {
    told(engine::inspection::judge(&ctx()?, inspection, item, verdict).await)
}
