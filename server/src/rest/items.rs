//! Items, their annotations and their images.

use axum::extract::Request;
use axum::response::Response;
use domain::annotation::{AnnotationView, VerdictView};
use domain::id::{ItemId, ProjectId};
use domain::item::{ItemDetail, ItemQuery, ItemRow, ItemView};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::extract::{Json, Path, Query};
use super::shape::{Binary, Page, mirror, moment};
use crate::identity::Caller;
use crate::problem::{Problem, Refusal};

mirror! {
    /// Where an item stands.
    ItemState = domain::item::ItemState {
        /// Wants annotations.
        Open,
        /// Has all it wants, in no batch.
        Labeled,
        /// In a batch.
        InReview,
        /// Returned to its authors.
        Rework,
        /// Accepted.
        Accepted,
        /// Unusable.
        Void,
    }
}

mirror! {
    /// Whose work an annotation is.
    AnnotationKind = domain::annotation::AnnotationKind {
        /// An annotator's.
        Label,
        /// A reviewer's own revision.
        Fix,
    }
}

mirror! {
    /// A reviewer's judgement of one item.
    VerdictKind = domain::annotation::VerdictKind {
        /// Right.
        Pass,
        /// Wrong, with a reason.
        Fail,
        /// Wrong, and put right by the reviewer.
        Fixed,
    }
}

mirror! {
    /// Why an item failed.
    Reason = domain::annotation::Reason {
        /// Something that should be labeled is not.
        Missing,
        /// Something is labeled that should not be.
        Extra,
        /// The label is wrong.
        WrongLabel,
        /// The border of a span or shape is off.
        WrongBoundary,
        /// Against the guideline in another way.
        Guideline,
        /// Anything else: the comment says what.
        Other,
    }
}

/// What an item holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemData {
    /// A text, as it was imported.
    Text(String),
    /// A still image.
    Image(Image),
}

/// A still image.
#[derive(Serialize, ToSchema)]
pub struct Image {
    /// Where the image is served, on this server and with the caller's token; smaller with `?width=`.
    url: String,
    /// Pixels of the upright image.
    width: u32,
    /// Pixels of the upright image.
    height: u32,
    /// SHA-256 of the file, hexadecimal.
    sha256: String,
    /// The uploaded file's name.
    name: String,
    /// How a large image is cut; absent for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    tiles: Option<Tiles>,
}

/// The tiles of a large image: level 0 has every pixel, each further one half as many a side.
#[derive(Serialize, ToSchema)]
pub struct Tiles {
    /// Where each one is served: below it come the level, the column and the row.
    url: String,
    /// Pixels of a tile a side.
    size: u32,
    /// How many levels there are.
    levels: u8,
    /// Of 16 bits a channel: the values that are shown black and white; absent where all are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<Vec<u16>>,
}

/// One unit of data.
#[derive(Serialize, ToSchema)]
pub struct Item {
    id: Uuid,
    /// The uploader's own key, unique in the project.
    key: String,
    data: ItemData,
    /// The uploader's metadata.
    #[schema(value_type = Object)]
    meta: Map<String, Value>,
    state: ItemState,
}

impl From<ItemView> for Item {
    fn from(view: ItemView) -> Self {
        let data = match view.data {
            domain::item::ItemData::Text(text) => ItemData::Text(text),
            domain::item::ItemData::Image(image) => ItemData::Image(Image {
                url: format!("/api/v1/items/{}/image", view.id),
                width: image.width,
                height: image.height,
                sha256: image.sha256,
                name: image.name,
                tiles: image.tiles.map(|tiles| Tiles {
                    url: format!("/api/v1/items/{}/tiles", view.id),
                    size: tiles.size,
                    levels: tiles.levels,
                    window: tiles.window.map(Vec::from),
                }),
            }),
        };
        Self { id: view.id.0, key: view.key, data, meta: view.meta, state: view.state.into() }
    }
}

/// An item as lists show it.
#[derive(Serialize, ToSchema)]
pub struct ListedItem {
    #[serde(flatten)]
    item: Item,
    /// Counted annotations so far.
    annotation_count: u32,
    /// Annotations wanted.
    overlap: u32,
    /// The batch that holds it.
    batch: Option<Uuid>,
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<ItemRow> for ListedItem {
    fn from(row: ItemRow) -> Self {
        Self {
            item: row.item.into(),
            annotation_count: row.annotations,
            overlap: row.overlap,
            batch: row.batch.map(|id| id.0),
            updated_at: moment(row.updated_at),
        }
    }
}

/// An item with all that was done to it.
#[derive(Serialize, ToSchema)]
pub struct WholeItem {
    #[serde(flatten)]
    row: ListedItem,
    project: Uuid,
    /// Every annotation, oldest first.
    annotations: Vec<Annotation>,
    /// The agreed value, once there is one.
    #[serde(rename = "final")]
    #[schema(value_type = Option<Object>)]
    value: Option<Map<String, Value>>,
}

impl From<ItemDetail> for WholeItem {
    fn from(detail: ItemDetail) -> Self {
        Self {
            row: detail.row.into(),
            project: detail.project.0,
            annotations: detail.annotations.into_iter().map(Into::into).collect(),
            value: detail.value,
        }
    }
}

/// A submitted annotation.
#[derive(Serialize, ToSchema)]
pub struct Annotation {
    id: Uuid,
    item: Uuid,
    /// 1 for the first, then one more for each rework by the same author.
    revision: u32,
    /// The author's user name.
    annotator: String,
    annotator_name: String,
    kind: AnnotationKind,
    /// False for a late submit whose slot was taken by then: kept, not counted.
    counted: bool,
    /// An object keyed by control.
    #[schema(value_type = Object)]
    value: Map<String, Value>,
    schema_version: u32,
    guideline_version: u32,
    /// Counted working time; never more than `raw_ms`.
    active_ms: i64,
    /// From claim to submit.
    raw_ms: i64,
    #[schema(format = DateTime)]
    submitted_at: String,
    /// Oldest first.
    verdicts: Vec<GivenVerdict>,
}

/// What a reviewer said of an annotation.
#[derive(Serialize, ToSchema)]
pub struct GivenVerdict {
    inspection: Uuid,
    batch: Uuid,
    /// The reviewer's user name.
    reviewer: String,
    verdict: VerdictKind,
    reason: Option<Reason>,
    comment: Option<String>,
    #[schema(format = DateTime)]
    at: String,
}

impl From<AnnotationView> for Annotation {
    fn from(view: AnnotationView) -> Self {
        Self {
            id: view.id.0,
            item: view.item.0,
            revision: view.revision,
            annotator: view.annotator,
            annotator_name: view.annotator_name,
            kind: view.kind.into(),
            counted: view.counted,
            value: view.value,
            schema_version: view.schema_version,
            guideline_version: view.guideline_version,
            active_ms: view.active_ms,
            raw_ms: view.raw_ms,
            submitted_at: moment(view.submitted_at),
            verdicts: view.verdicts.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<VerdictView> for GivenVerdict {
    fn from(view: VerdictView) -> Self {
        Self {
            inspection: view.inspection.0,
            batch: view.batch.0,
            reviewer: view.reviewer,
            verdict: view.verdict.into(),
            reason: view.reason.map(Into::into),
            comment: view.comment,
            at: moment(view.at),
        }
    }
}

/// Which items.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ItemParams {
    /// Only this state.
    #[param(inline)]
    state: Option<ItemState>,
    /// Only keys that begin so.
    #[param(max_length = 200)]
    key: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page; 50 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// How large an image.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImageParams {
    /// At most so many pixels wide; the original when left out. The next larger rendition is sent.
    #[param(minimum = 1, maximum = 65535)]
    width: Option<u32>,
}

/// The items of a project, in the order of import.
#[utoipa::path(get, path = "/api/v1/projects/{id}/items", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The project."), ItemParams),
    responses((status = 200, description = "A page of items.", body = Page<ListedItem>)))]
pub async fn list_items(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Query(params): Query<ItemParams>,
) -> Result<Json<Page<ListedItem>>, Refusal> {
    let query =
        ItemQuery { state: params.state.map(Into::into), key: params.key, after: params.after, limit: params.limit };
    Ok(Json(Page::of(engine::item::list(&ctx, ProjectId(id), query).await?)))
}

/// One item with all that was done to it.
#[utoipa::path(get, path = "/api/v1/items/{id}", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The item.")),
    responses((status = 200, description = "The item.", body = WholeItem)))]
pub async fn get_item(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Json<WholeItem>, Refusal> {
    Ok(Json(engine::item::get(&ctx, ItemId(id)).await?.into()))
}

/// The image of an item.
#[utoipa::path(get, path = "/api/v1/items/{id}/image", tag = "data", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The item."), ImageParams),
    responses(
        (status = 200, description = "The image.", content(
            (Binary = "image/jpeg"), (Binary = "image/png"), (Binary = "image/webp"), (Binary = "image/tiff"),
            (Binary = "image/bmp"), (Binary = "image/gif"))),
        (status = 206, description = "The part of it that `Range` asks for."),
        (status = 304, description = "The caller has it already."),
        (status = 307, description = "It is at this address in the object store for a short while, for whoever has the address."),
        (status = 416, description = "There is no such part.", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn get_item_image(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Query(params): Query<ImageParams>,
    request: Request,
) -> Result<Response, Refusal> {
    super::files::send_image(&ctx, ItemId(id), params.width, request).await
}

/// A tile of a large image.
#[utoipa::path(get, path = "/api/v1/items/{id}/tiles/{level}/{column}/{row}", tag = "data", security(("bearer" = [])),
    params(
        ("id" = Uuid, Path, description = "The item."),
        ("level" = u8, Path, description = "0 has every pixel; each further one half as many a side."),
        ("column" = u32, Path, description = "From the left, beginning with 0."),
        ("row" = u32, Path, description = "From the top, beginning with 0."),
    ),
    responses(
        (status = 200, description = "The tile.", content((Binary = "image/jpeg"), (Binary = "image/png"))),
        (status = 304, description = "The caller has it already."),
    ))]
pub async fn get_item_tile(
    Caller(ctx): Caller,
    Path((id, level, column, row)): Path<(Uuid, u8, u32, u32)>,
    request: Request,
) -> Result<Response, Refusal> {
    super::files::send_tile(&ctx, ItemId(id), domain::item::Tile { level, column, row }, request).await
}
