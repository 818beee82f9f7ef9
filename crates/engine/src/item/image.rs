//! The image of an item as a file to be served.

use super::{access, queries};
use crate::Ctx;
use crate::blob::entity::blob;
use crate::blob::{StoredFile, picture};
use crate::error::Result;
use domain::Error;
use domain::error::Noun;
use domain::id::ItemId;
use domain::item::{ItemData, Tile};
use domain::policy::Action;
use sea_orm::EntityTrait;
use std::ops::Range;

/// An image file to be served.
#[derive(Debug, Clone)]
pub struct ItemImage {
    /// The file.
    pub file: StoredFile,
    /// Its media type.
    pub media_type: String,
    /// A validator for caches, without quotes.
    pub etag: String,
}

/// The upright image of an item, or the smallest rendition that is at least `width` pixels wide.
pub async fn image(ctx: &Ctx, item: ItemId, width: Option<u32>) -> Result<ItemImage> {
    let (row, _) = access::item(ctx.read(), ctx, item, Action::Read).await?;
    let ItemData::Image(image) = queries::data(&row)? else { return Err(Error::NotFound(Noun::Page).into()) };
    let has = |made: u32| image.width > made || image.tiles.is_some();
    let smaller = width.and_then(|wanted| picture::WIDTHS.into_iter().find(|made| *made >= wanted && has(*made)));
    let kinds = smaller.map(|made| made.to_string()).into_iter().chain([picture::UPRIGHT.to_owned()]);
    for kind in kinds {
        if let Some((file, media_type)) = ctx.store().rendition(&image.sha256, &kind).await? {
            let etag = format!("{}-{kind}", image.sha256);
            return Ok(ItemImage { file, media_type: media_type.to_owned(), etag });
        }
    }
    let stored = blob::Entity::find_by_id(image.sha256.clone()).one(ctx.read()).await?;
    let stored =
        stored.ok_or_else(|| anyhow::anyhow!("item {} names blob {}, which has no row", row.id, image.sha256))?;
    let file = ctx.store().original(&stored.hash, u64::try_from(stored.bytes).unwrap_or_default());
    Ok(ItemImage { file, media_type: stored.media_type, etag: stored.hash })
}

/// A tile of a large image, to be served.
#[derive(Debug, Clone)]
pub struct ItemTile {
    /// The file that holds it.
    pub file: StoredFile,
    /// Its part of the file.
    pub range: Range<u64>,
    /// Its media type.
    pub media_type: &'static str,
    /// A validator for caches, without quotes.
    pub etag: String,
}

/// A tile of an item's image, for whoever may see the image. There is none of a small image, or beyond its edges.
pub async fn tile(ctx: &Ctx, item: ItemId, tile: Tile) -> Result<ItemTile> {
    let (row, _) = access::item(ctx.read(), ctx, item, Action::Read).await?;
    let missing = || Error::NotFound(Noun::Page);
    let ItemData::Image(image) = queries::data(&row)? else { return Err(missing().into()) };
    let (file, index) = ctx.store().pyramid(&image.sha256).await?.ok_or_else(missing)?;
    let (range, kind) = index.find(tile).ok_or_else(missing)?;
    let Tile { level, column, row } = tile;
    let etag = format!("{}-{}-{level}-{column}-{row}", image.sha256, index.mark);
    Ok(ItemTile { file, range, media_type: kind.media_type(), etag })
}
