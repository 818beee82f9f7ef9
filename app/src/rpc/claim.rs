//! The queue: claims, drafts, submits.

use crate::error::AppError;
use domain::claim::{Claimed, Draft, Home, Renewed, SkipReason, Submit, Submitted, Workplace};
use domain::id::{ClaimId, ProjectId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// The annotator's home.
#[server(prefix = "/rpc", endpoint = "get_home", input = Json, output = Json)]
pub async fn get_home() -> Result<Home, AppError> {
    told(engine::claim::home(&ctx()?).await)
}

/// What the workbench needs besides claims.
#[server(prefix = "/rpc", endpoint = "get_workplace", input = Json, output = Json)]
pub async fn get_workplace(project: ProjectId) -> Result<Workplace, AppError> {
    told(engine::claim::workplace(&ctx()?, project).await)
}

/// Takes items.
#[server(prefix = "/rpc", endpoint = "take_claims", input = Json, output = Json)]
pub async fn take_claims(project: ProjectId, count: u32) -> Result<Claimed, AppError> {
    told(engine::claim::take(&ctx()?, project, count).await)
}

/// Keeps work in progress.
#[server(prefix = "/rpc", endpoint = "save_draft", input = Json, output = Json)]
pub async fn save_draft(claim: ClaimId, draft: Draft) -> Result<(), AppError> {
    told(engine::claim::save_draft(&ctx()?, claim, draft).await)
}

/// The heartbeat.
#[server(prefix = "/rpc", endpoint = "renew_claims", input = Json, output = Json)]
pub async fn renew_claims(claims: Vec<ClaimId>) -> Result<Renewed, AppError> {
    told(engine::claim::renew(&ctx()?, claims).await)
}

/// Gives an item back.
#[server(prefix = "/rpc", endpoint = "release_claim", input = Json, output = Json)]
pub async fn release_claim(claim: ClaimId) -> Result<(), AppError> {
    told(engine::claim::release(&ctx()?, claim).await)
}

/// Leaves an item with a reason.
#[server(prefix = "/rpc", endpoint = "skip_claim", input = Json, output = Json)]
pub async fn skip_claim(claim: ClaimId, reason: SkipReason, comment: Option<String>) -> Result<(), AppError> {
    told(engine::claim::skip(&ctx()?, claim, reason, comment).await)
}

/// Submits; the same key again gives the same answer.
#[server(prefix = "/rpc", endpoint = "submit_claim", input = Json, output = Json)]
pub async fn submit_claim(claim: ClaimId, submit: Submit, key: Option<String>) -> Result<Submitted, AppError> {
    told(engine::claim::submit(&ctx()?, claim, submit, key).await)
}
