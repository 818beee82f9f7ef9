//! Handing work out and taking it back in.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
use crate::Ctx;
use crate::error::Result;
use domain::claim::{Claimed, Draft, Home, Renewed, SkipReason, Submit, Submitted, Workplace};
use domain::id::{ClaimId, ProjectId};

/// The annotator's home.
pub async fn home(ctx: &Ctx) -> Result<Home> {
    todo!()
}
/// What the workbench needs besides claims.
pub async fn workplace(ctx: &Ctx, project: ProjectId) -> Result<Workplace> {
    todo!()
}
/// Takes up to `count` claims.
pub async fn take(ctx: &Ctx, project: ProjectId, count: u32) -> Result<Claimed> {
    todo!()
}
/// Keeps a draft.
pub async fn save_draft(ctx: &Ctx, claim: ClaimId, draft: Draft) -> Result<()> {
    todo!()
}
/// Heartbeat.
pub async fn renew(ctx: &Ctx, claims: Vec<ClaimId>) -> Result<Renewed> {
    todo!()
}
/// Gives a claim back.
pub async fn release(ctx: &Ctx, claim: ClaimId) -> Result<()> {
    todo!()
}
/// Leaves an item with a reason.
pub async fn skip(ctx: &Ctx, claim: ClaimId, reason: SkipReason, comment: Option<String>) -> Result<()> {
    todo!()
}
/// Submits.
pub async fn submit(ctx: &Ctx, claim: ClaimId, submit: Submit, key: Option<String>) -> Result<Submitted> {
    todo!()
}
