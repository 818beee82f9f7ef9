//! Exports: taking data out.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use domain::export::{self, ExportView};
use domain::id::{ExportId, ProjectId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::extract::{Json, Path};
use super::imports::JobState;
use super::shape::{List, Text, mirror, moment, moment_of};
use crate::identity::Caller;
use crate::problem::{Problem, Refusal};

mirror! {
    /// Which items leave.
    Only = domain::export::Only {
        /// All of them.
        All,
        /// Accepted ones.
        Accepted,
    }
}

/// A new export.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    /// `jsonl` (native, lossless), `csv` or `coco`.
    #[schema(min_length = 1, max_length = 20)]
    format: String,
    /// `all` when left out.
    #[serde(default)]
    only: Option<Only>,
}

/// An export.
#[derive(Serialize, ToSchema)]
pub struct Export {
    id: Uuid,
    project: Uuid,
    state: JobState,
    format: String,
    only: Only,
    /// Items to write, as far as known.
    total: u64,
    /// Items written.
    done: u64,
    /// Bytes of the finished file.
    bytes: Option<u64>,
    /// SHA-256 of the finished file, hexadecimal.
    sha256: Option<String>,
    file_name: Option<String>,
    /// What the format could not carry.
    losses: Vec<Loss>,
    /// Why it failed.
    error: Option<Text>,
    /// User name.
    created_by: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
}

/// What a format could not carry.
#[derive(Serialize, ToSchema)]
pub struct Loss {
    message: Text,
    count: u64,
}

impl From<ExportView> for Export {
    fn from(view: ExportView) -> Self {
        let losses = view.losses.into_iter().map(|(message, count)| Loss { message: message.into(), count });
        Self {
            id: view.id.0,
            project: view.project.0,
            state: view.state.into(),
            format: view.format,
            only: view.only.into(),
            total: view.total,
            done: view.done,
            bytes: view.bytes,
            sha256: view.sha256,
            file_name: view.file_name,
            losses: losses.collect(),
            error: view.error.map(Into::into),
            created_by: view.created_by,
            created_at: moment(view.created_at),
            finished_at: moment_of(view.finished_at),
        }
    }
}

/// The exports of a project, newest first.
#[utoipa::path(get, path = "/api/v1/projects/{id}/exports", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The exports.", body = List<Export>)))]
pub async fn list_exports(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Json<List<Export>>, Refusal> {
    Ok(Json(List::of(engine::export::list(&ctx, ProjectId(id)).await?)))
}

/// Begin an export. Writing goes on after the answer: ask `GET /api/v1/exports/{id}` how far it is.
#[utoipa::path(post, path = "/api/v1/projects/{id}/exports", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project.")), request_body = NewExport,
    responses((status = 202, description = "The export, queued.", body = Export)))]
pub async fn create_export(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<NewExport>,
) -> Result<(StatusCode, Json<Export>), Refusal> {
    let new = export::NewExport { format: new.format, only: new.only.map_or_else(Default::default, Into::into) };
    let queued = engine::export::create(&ctx, ProjectId(id), new).await?;
    Ok((StatusCode::ACCEPTED, Json(queued.into())))
}

/// How far an export is.
#[utoipa::path(get, path = "/api/v1/exports/{id}", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The export.")),
    responses((status = 200, description = "The export.", body = Export)))]
pub async fn get_export(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Json<Export>, Refusal> {
    Ok(Json(engine::export::get(&ctx, ExportId(id)).await?.into()))
}

/// The finished file.
#[utoipa::path(get, path = "/api/v1/exports/{id}/file", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The export.")),
    responses(
        (status = 200, description = "The file.", content(
            (String = "application/x-ndjson"), (String = "text/csv"), (Object = "application/json"))),
        (status = 206, description = "The part of it that `Range` asks for."),
        (status = 304, description = "The caller has it already."),
        (status = 416, description = "There is no such part.", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn get_export_file(Caller(ctx): Caller, Path(id): Path<Uuid>, request: Request) -> Result<Response, Refusal> {
    super::files::send_export(&ctx, ExportId(id), request).await
}

/// The manifest of the finished file: what it is, and its SHA-256 sum.
#[utoipa::path(get, path = "/api/v1/exports/{id}/manifest", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The export.")),
    responses((status = 200, description = "The manifest.", body = Object)))]
pub async fn get_export_manifest(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
) -> Result<Json<serde_json::Value>, Refusal> {
    Ok(Json(engine::export::manifest(&ctx, ExportId(id)).await?))
}
