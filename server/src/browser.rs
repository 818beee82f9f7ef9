//! What the browser asks for besides pages and server functions: uploads, images, downloads. The same use cases and the
//! same answers as REST, with the session in place of a token.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use domain::id::{ExportId, ImportId, ItemId, ProjectId};
use domain::import::{ImportOptions, ImportView};
use domain::item::Tile;
use serde::Deserialize;
use uuid::Uuid;

use crate::identity::Caller;
use crate::problem::Refusal;
use crate::rest;
use crate::rest::extract::{Json, Path, Query};
use crate::state::Server;

/// `/upload`, `/media` and `/download`.
pub fn router() -> Router<Server> {
    Router::new()
        .route("/download/exports/{id}", get(download_export))
        .route("/download/exports/{id}/manifest", get(download_manifest))
        .route("/download/imports/{id}/problems", get(download_problems))
        .route("/media/items/{id}", get(show_image))
        .route("/media/items/{id}/tiles/{level}/{column}/{row}", get(show_tile))
        .route("/upload/projects/{id}/imports", post(upload).layer(DefaultBodyLimit::disable()))
}

async fn upload(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Query(options): Query<ImportOptions>,
    request: Request,
) -> Result<(StatusCode, Json<ImportView>), Refusal> {
    let import = rest::receive(&ctx, ProjectId(id), options, request).await?;
    Ok((StatusCode::ACCEPTED, Json(import)))
}

#[derive(Debug, Deserialize)]
struct Size {
    width: Option<u32>,
}

async fn show_image(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Query(size): Query<Size>,
    request: Request,
) -> Result<Response, Refusal> {
    rest::send_image(&ctx, ItemId(id), size.width, request).await
}

async fn show_tile(
    Caller(ctx): Caller,
    Path((id, level, column, row)): Path<(Uuid, u8, u32, u32)>,
    request: Request,
) -> Result<Response, Refusal> {
    rest::send_tile(&ctx, ItemId(id), Tile { level, column, row }, request).await
}

async fn download_export(Caller(ctx): Caller, Path(id): Path<Uuid>, request: Request) -> Result<Response, Refusal> {
    rest::send_export(&ctx, ExportId(id), request).await
}

async fn download_manifest(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Json<serde_json::Value>, Refusal> {
    Ok(Json(engine::export::manifest(&ctx, ExportId(id)).await?))
}

async fn download_problems(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Response, Refusal> {
    rest::send_problems(&ctx, ImportId(id)).await
}
