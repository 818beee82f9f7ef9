//! Submitted annotations and the author's own history.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
pub(crate) mod queries;
use crate::Ctx;
use crate::error::Result;
use domain::annotation::HistoryRow;
use domain::claim::ClaimView;
use domain::id::{AnnotationId, ProjectId};

/// The caller's last submits in a project.
pub async fn history(ctx: &Ctx, project: ProjectId, limit: u32) -> Result<Vec<HistoryRow>> {
    todo!()
}
/// Takes an own annotation back for correction.
pub async fn reopen(ctx: &Ctx, annotation: AnnotationId) -> Result<ClaimView> {
    todo!()
}
