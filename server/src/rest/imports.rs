//! Imports: taking files in, and how far the reading is.

use std::time::Duration;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::response::Response;
use domain::id::{ImportId, ProjectId};
use domain::import::{ImportOptions, ImportProblem, ImportView};
use engine::Ctx;
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::extract::{Json, Path, Query, content_type};
use super::shape::{Binary, List, Text, mirror, moment, moment_of};
use crate::identity::Caller;
use crate::problem::{Refusal, Wrong};

/// How long an upload may stand still.
const STILL: Duration = Duration::from_secs(60);

mirror! {
    /// Where a job stands.
    JobState = domain::import::JobState {
        /// Waits for its turn.
        Queued,
        /// At work.
        Running,
        /// Finished.
        Done,
        /// Gave up, with a reason.
        Failed,
    }
}

/// How the file is to be read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportParams {
    /// `jsonl`, `csv`, `tsv`, `txt`, `native` or `images`; guessed from `name` when left out.
    #[param(max_length = 20)]
    format: Option<String>,
    /// The encoding: `utf-8`, `gb18030`, `big5`, `utf-16le`…; detected when left out.
    #[param(max_length = 40)]
    encoding: Option<String>,
    /// The field or column that holds the text; `text` when left out.
    #[param(max_length = 100)]
    text_field: Option<String>,
    /// The field or column that holds the key; `id` when left out.
    #[param(max_length = 100)]
    key_field: Option<String>,
    /// For `txt`: a whole file is one item, not each line.
    whole_file: Option<bool>,
    /// The file's name, to be shown and to guess by.
    #[param(max_length = 200)]
    name: Option<String>,
}

impl From<ImportParams> for ImportOptions {
    fn from(params: ImportParams) -> Self {
        Self {
            format: params.format,
            encoding: params.encoding,
            text_field: params.text_field,
            key_field: params.key_field,
            whole_file: params.whole_file.unwrap_or(false),
            name: params.name,
        }
    }
}

/// An import.
#[derive(Serialize, ToSchema)]
pub struct Import {
    id: Uuid,
    project: Uuid,
    state: JobState,
    /// The uploaded file's name.
    name: String,
    format: String,
    /// Once known.
    encoding: Option<String>,
    /// Records or files read.
    read: u64,
    /// Items added.
    added: u64,
    /// Records with a key or content that was there already.
    duplicates: u64,
    /// Records refused.
    rejected: u64,
    bytes_total: u64,
    bytes_done: u64,
    /// Why it failed as a whole.
    error: Option<Text>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    /// The first 100 problems, in the order of the file.
    problems: Vec<LineProblem>,
}

/// A line or file that was refused.
#[derive(Serialize, ToSchema)]
pub struct LineProblem {
    /// The line, from 1.
    line: Option<u64>,
    /// The file inside an archive or upload.
    name: Option<String>,
    code: String,
    message: Text,
    /// A piece of it, where that helps.
    sample: Option<String>,
}

impl From<ImportProblem> for LineProblem {
    fn from(problem: ImportProblem) -> Self {
        Self {
            line: problem.line,
            name: problem.name,
            code: problem.code,
            message: problem.message.into(),
            sample: problem.sample,
        }
    }
}

impl From<ImportView> for Import {
    fn from(view: ImportView) -> Self {
        Self {
            id: view.id.0,
            project: view.project.0,
            state: view.state.into(),
            name: view.name,
            format: view.format,
            encoding: view.encoding,
            read: view.read,
            added: view.added,
            duplicates: view.duplicates,
            rejected: view.rejected,
            bytes_total: view.bytes_total,
            bytes_done: view.bytes_done,
            error: view.error.map(Into::into),
            created_at: moment(view.created_at),
            finished_at: moment_of(view.finished_at),
            problems: view.problems.into_iter().map(Into::into).collect(),
        }
    }
}

/// Many files at once.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart body in the document; the body itself is streamed")]
pub struct ImportFiles {
    /// The files.
    #[schema(value_type = Vec<Binary>)]
    files: Vec<Binary>,
}

/// Streams the body into an upload: one file as it is, or many as `multipart/form-data`.
pub async fn receive(
    ctx: &Ctx,
    project: ProjectId,
    options: ImportOptions,
    request: Request,
) -> Result<ImportView, Refusal> {
    // The engine refuses before a byte is read, and counts while they come.
    let mut upload = engine::import::begin(ctx, project, options).await?;
    if content_type(request.headers()) == "multipart/form-data" {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|bad| Wrong::Body(bad.body_text()))?;
        while let Some(mut part) = parts.next_field().await.map_err(|bad| Wrong::Body(bad.body_text()))? {
            let Some(name) = part.file_name().map(str::to_owned) else { continue };
            upload.next_file(&name).await?;
            loop {
                let piece = in_time(part.chunk()).await?.map_err(|bad| Wrong::Body(bad.body_text()))?;
                let Some(piece) = piece else { break };
                upload.write(&piece).await?;
            }
        }
    } else {
        let mut body = request.into_body().into_data_stream();
        while let Some(piece) = in_time(body.next()).await? {
            upload.write(&piece.map_err(|cut| Wrong::Body(cut.to_string()))?).await?;
        }
    }
    Ok(upload.finish().await?)
}

/// An upload may take hours; one that stands still keeps a place from others.
async fn in_time<T>(piece: impl Future<Output = T>) -> Result<T, Refusal> {
    tokio::time::timeout(STILL, piece).await.map_err(|_elapsed| Wrong::Time.into())
}

/// Import a file: the body as it is, or many image files as `multipart/form-data`.
///
/// The body is streamed. Reading goes on after the answer: ask `GET /api/v1/imports/{id}` how far it is.
#[utoipa::path(post, path = "/api/v1/projects/{id}/imports", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project."), ImportParams),
    request_body(content((Binary = "application/octet-stream"), (ImportFiles = "multipart/form-data"))),
    responses((status = 202, description = "The import, queued.", body = Import)))]
pub async fn create_import(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Query(params): Query<ImportParams>,
    request: Request,
) -> Result<(StatusCode, Json<Import>), Refusal> {
    let import = receive(&ctx, ProjectId(id), params.into(), request).await?;
    Ok((StatusCode::ACCEPTED, Json(import.into())))
}

/// The imports of a project, newest first.
#[utoipa::path(get, path = "/api/v1/projects/{id}/imports", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The imports.", body = List<Import>)))]
pub async fn list_imports(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Json<List<Import>>, Refusal> {
    Ok(Json(List::of(engine::import::list(&ctx, ProjectId(id)).await?)))
}

/// How far an import is.
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The import.")),
    responses((status = 200, description = "The import.", body = Import)))]
pub async fn get_import(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Json<Import>, Refusal> {
    Ok(Json(engine::import::get(&ctx, ImportId(id)).await?.into()))
}

/// Every problem of an import, as CSV.
#[utoipa::path(get, path = "/api/v1/imports/{id}/problems", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The import.")),
    responses((status = 200, description = "The problems.", body = String, content_type = "text/csv")))]
pub async fn get_import_problems(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Response, Refusal> {
    super::files::send_problems(&ctx, ImportId(id)).await
}
