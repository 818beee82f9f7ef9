//! Items: lists, details, images.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
pub(crate) mod queries;

use crate::Ctx;
use crate::error::Result;
use domain::Page;
use domain::id::{ItemId, ProjectId};
use domain::item::{ItemDetail, ItemQuery, ItemRow};
use std::path::PathBuf;

/// An image file to be served.
#[derive(Debug, Clone)]
pub struct ItemImage {
    /// The file.
    pub path: PathBuf,
    /// Its media type.
    pub media_type: String,
    /// A validator for caches, without quotes.
    pub etag: String,
}

/// A page of items.
pub async fn list(ctx: &Ctx, project: ProjectId, query: ItemQuery) -> Result<Page<ItemRow>> {
    todo!()
}
/// One item with its history.
pub async fn get(ctx: &Ctx, item: ItemId) -> Result<ItemDetail> {
    todo!()
}
/// The image of an item, or a rendition at least `width` pixels wide.
pub async fn image(ctx: &Ctx, item: ItemId, width: Option<u32>) -> Result<ItemImage> {
    todo!()
}
/// Declares an item unusable.
pub async fn set_void(ctx: &Ctx, item: ItemId, reason: String) -> Result<()> {
    todo!()
}
/// Takes a void back.
pub async fn restore(ctx: &Ctx, item: ItemId) -> Result<()> {
    todo!()
}
