//! Projects: name, schema, guideline, settings.

use axum::http::StatusCode;
use domain::id::ProjectId;
use domain::project::{self, ProjectSummary, ProjectView};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::extract::{Json, Path};
use super::members::ProjectRole;
use super::shape::{List, mirror, moment};
use crate::identity::Caller;
use crate::problem::Refusal;

mirror! {
    /// What the items are.
    Modality = domain::project::Modality {
        /// Text.
        Text,
        /// Still images.
        Image,
    }
}

mirror! {
    /// Where a project stands.
    Status = domain::project::Status {
        /// Being set up: nobody labels yet.
        Setup,
        /// Open for work.
        Open,
        /// Nothing new is handed out, submits are still taken.
        Paused,
        /// Ended; read only.
        Archived,
    }
}

mirror! {
    /// The order in which items are handed out.
    Order = domain::project::Order {
        /// As imported.
        Imported,
        /// By a stable shuffle.
        Random,
    }
}

mirror! {
    /// How much of a batch is inspected.
    Review = domain::project::Review {
        /// A drawn sample of `sample_rate`.
        Sample,
        /// Every item.
        All,
    }
}

/// How the work goes. What is left out stays as it is, or has its default in a new project.
#[derive(Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    /// Annotations wanted for each item, by different people; fixed once items are imported. 1 by default.
    #[schema(minimum = 1, maximum = 9)]
    overlap: Option<u8>,
    /// Minutes a claim lives without being renewed. 30 by default.
    #[schema(minimum = 1, maximum = 240)]
    lease_minutes: Option<u16>,
    /// `imported` by default.
    order: Option<Order>,
    /// `sample` by default.
    review: Option<Review>,
    /// The share of a batch that is drawn, above 0 up to 1. 0.2 by default.
    #[schema(exclusive_minimum = 0, maximum = 1)]
    sample_rate: Option<f64>,
    /// Items of a batch made by size. 100 by default.
    #[schema(minimum = 1, maximum = 10000)]
    batch_size: Option<u32>,
    /// A choice that completes the value also submits it (in the browser). False by default.
    auto_submit: Option<bool>,
}

impl SettingsChange {
    fn over(self, old: project::Settings) -> project::Settings {
        project::Settings {
            overlap: self.overlap.unwrap_or(old.overlap),
            lease_minutes: self.lease_minutes.unwrap_or(old.lease_minutes),
            order: self.order.map_or(old.order, Into::into),
            review: self.review.map_or(old.review, Into::into),
            sample_rate: self.sample_rate.unwrap_or(old.sample_rate),
            batch_size: self.batch_size.unwrap_or(old.batch_size),
            auto_submit: self.auto_submit.unwrap_or(old.auto_submit),
        }
    }
}

/// How the work goes.
#[derive(Serialize, ToSchema)]
pub struct Settings {
    overlap: u8,
    lease_minutes: u16,
    order: Order,
    review: Review,
    sample_rate: f64,
    batch_size: u32,
    auto_submit: bool,
}

impl From<project::Settings> for Settings {
    fn from(settings: project::Settings) -> Self {
        Self {
            overlap: settings.overlap,
            lease_minutes: settings.lease_minutes,
            order: settings.order.into(),
            review: settings.review.into(),
            sample_rate: settings.sample_rate,
            batch_size: settings.batch_size,
            auto_submit: settings.auto_submit,
        }
    }
}

/// Items by state.
#[derive(Serialize, ToSchema)]
pub struct Counts {
    open: u64,
    labeled: u64,
    in_review: u64,
    rework: u64,
    accepted: u64,
    void: u64,
}

impl From<project::StateCounts> for Counts {
    fn from(counts: project::StateCounts) -> Self {
        let project::StateCounts { open, labeled, in_review, rework, accepted, void } = counts;
        Self { open, labeled, in_review, rework, accepted, void }
    }
}

/// A project as lists show it.
#[derive(Serialize, ToSchema)]
pub struct ProjectRow {
    id: Uuid,
    name: String,
    modality: Modality,
    /// The slug of its industry field or domain.
    field: Option<String>,
    status: Status,
    /// The caller's role.
    role: Option<ProjectRole>,
    counts: Counts,
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<ProjectSummary> for ProjectRow {
    fn from(summary: ProjectSummary) -> Self {
        Self {
            id: summary.id.0,
            name: summary.name,
            modality: summary.modality.into(),
            field: summary.field,
            status: summary.status.into(),
            role: summary.role.map(Into::into),
            counts: summary.counts.into(),
            created_at: moment(summary.created_at),
        }
    }
}

/// A project.
#[derive(Serialize, ToSchema)]
pub struct Project {
    #[serde(flatten)]
    row: ProjectRow,
    settings: Settings,
    /// The controls that an annotation fills; none before a schema was saved.
    #[schema(value_type = Object)]
    schema: Value,
    /// To be sent with each submit; 0 before a schema was saved.
    schema_version: u32,
    /// Markdown.
    guideline: String,
    guideline_version: u32,
    members: MemberCounts,
}

/// Members by role.
#[derive(Serialize, ToSchema)]
pub struct MemberCounts {
    managers: u32,
    reviewers: u32,
    annotators: u32,
    acceptors: u32,
}

impl TryFrom<ProjectView> for Project {
    type Error = Refusal;

    fn try_from(view: ProjectView) -> Result<Self, Refusal> {
        let project::MemberCounts { managers, reviewers, annotators, acceptors } = view.members;
        Ok(Self {
            row: view.summary.into(),
            settings: view.settings.into(),
            schema: serde_json::to_value(&view.schema).map_err(Refusal::broken)?,
            schema_version: view.schema_version,
            guideline: view.guideline,
            guideline_version: view.guideline_version,
            members: MemberCounts { managers, reviewers, annotators, acceptors },
        })
    }
}

/// A new project.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// Unique.
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    /// Fixed.
    modality: Modality,
    /// The slug of an industry field or domain.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 40)]
    field: Option<String>,
    /// The controls: `{"controls": [{"id": …, "kind": "choice" | "span" | "box" | "polygon" | "text", …}]}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    schema: Option<Map<String, Value>>,
    /// Markdown.
    #[serde(default)]
    #[schema(max_length = 200000)]
    guideline: Option<String>,
    #[serde(default)]
    settings: SettingsChange,
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectChange {
    #[serde(default)]
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    /// The empty string clears it.
    #[serde(default)]
    #[schema(max_length = 40)]
    field: Option<String>,
    #[serde(default)]
    status: Option<Status>,
    #[serde(default)]
    settings: Option<SettingsChange>,
    /// Becomes the next version.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    schema: Option<Map<String, Value>>,
    /// Save the schema although annotations will no longer fit it; without this the answer is then 409 `would-orphan`.
    #[serde(default)]
    accept_orphans: bool,
    /// Becomes the next version.
    #[serde(default)]
    #[schema(max_length = 200000)]
    guideline: Option<String>,
}

/// The projects that the caller may see.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", security(("bearer" = [])),
    responses((status = 200, description = "The projects.", body = List<ProjectRow>)))]
pub async fn list_projects(Caller(ctx): Caller) -> Result<Json<List<ProjectRow>>, Refusal> {
    Ok(Json(List::of(engine::project::list(&ctx).await?)))
}

/// Make a project. The caller becomes its manager.
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", security(("bearer" = [])), request_body = NewProject,
    responses((status = 201, description = "The project.", body = Project)))]
pub async fn create_project(
    Caller(ctx): Caller,
    Json(new): Json<NewProject>,
) -> Result<(StatusCode, Json<Project>), Refusal> {
    let new = project::NewProject {
        name: new.name,
        modality: new.modality.into(),
        field: new.field,
        schema: new.schema.map(Value::Object),
        guideline: new.guideline,
        settings: new.settings.over(project::Settings::default()),
    };
    let made = engine::project::create(&ctx, new).await?;
    Ok((StatusCode::CREATED, Json(made.try_into()?)))
}

/// One project.
#[utoipa::path(get, path = "/api/v1/projects/{id}", tag = "projects", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The project.", body = Project)))]
pub async fn get_project(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Json<Project>, Refusal> {
    Ok(Json(engine::project::get(&ctx, ProjectId(id)).await?.try_into()?))
}

/// Change a project.
#[utoipa::path(patch, path = "/api/v1/projects/{id}", tag = "projects", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project.")), request_body = ProjectChange,
    responses((status = 200, description = "The project.", body = Project)))]
pub async fn change_project(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<ProjectChange>,
) -> Result<Json<Project>, Refusal> {
    let id = ProjectId(id);
    let settings = match change.settings {
        Some(settings) => Some(settings.over(engine::project::get(&ctx, id).await?.settings)),
        None => None,
    };
    let change = project::ProjectChange {
        name: change.name,
        field: change.field,
        status: change.status.map(Into::into),
        settings,
        schema: change.schema.map(Value::Object),
        accept_orphans: change.accept_orphans,
        guideline: change.guideline,
    };
    Ok(Json(engine::project::change(&ctx, id, change).await?.try_into()?))
}
