//! The caller's own annotations.

use crate::error::AppError;
use domain::annotation::HistoryRow;
use domain::claim::ClaimView;
use domain::id::{AnnotationId, ProjectId};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// The caller's last annotations.
#[server(prefix = "/rpc", endpoint = "list_history", input = Json, output = Json)]
pub async fn list_history(project: ProjectId, limit: u32) -> Result<Vec<HistoryRow>, AppError> {
    told(engine::annotation::history(&ctx()?, project, limit).await)
}

/// Takes an annotation back for correction.
#[server(prefix = "/rpc", endpoint = "reopen_annotation", input = Json, output = Json)]
pub async fn reopen_annotation(annotation: AnnotationId) -> Result<ClaimView, AppError> {
    told(engine::annotation::reopen(&ctx()?, annotation).await)
}
