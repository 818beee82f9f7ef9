//! Items.

use crate::error::AppError;
use domain::Page;
use domain::id::{ItemId, ProjectId};
use domain::item::{ItemDetail, ItemQuery, ItemRow};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// Items, a page at a time.
#[server(prefix = "/rpc", endpoint = "list_items", input = Json, output = Json)]
pub async fn list_items(project: ProjectId, query: ItemQuery) -> Result<Page<ItemRow>, AppError> {
    told(engine::item::list(&ctx()?, project, query).await)
}

/// One item with everything done to it.
#[server(prefix = "/rpc", endpoint = "get_item", input = Json, output = Json)]
pub async fn get_item(item: ItemId) -> Result<ItemDetail, AppError> {
    told(engine::item::get(&ctx()?, item).await)
}

/// Declares an item unusable.
#[server(prefix = "/rpc", endpoint = "void_item", input = Json, output = Json)]
pub async fn void_item(item: ItemId, reason: String) -> Result<(), AppError> {
    told(engine::item::set_void(&ctx()?, item, reason).await)
}

/// Takes that back.
#[server(prefix = "/rpc", endpoint = "restore_item", input = Json, output = Json)]
pub async fn restore_item(item: ItemId) -> Result<(), AppError> {
    told(engine::item::restore(&ctx()?, item).await)
}
