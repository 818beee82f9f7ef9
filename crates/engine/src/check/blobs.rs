//! Blobs against the files.

use super::{Audit, PAGE};
use crate::blob::entity::blob;
use crate::blob::store::Store;
use crate::error::Result;
use domain::item::Tiles;
use futures::{StreamExt, TryStreamExt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Files that are asked about at a time.
const AT_ONCE: usize = 16;

pub(super) async fn check(audit: &mut Audit<'_>) -> Result<()> {
    let mut after = String::new();
    loop {
        let rows = blob::Entity::find()
            .filter(blob::Column::Hash.gt(after))
            .order_by_asc(blob::Column::Hash)
            .limit(PAGE)
            .all(&audit.tx)
            .await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.hash.clone();
        audit.count("blobs", rows.len());
        let store = audit.engine.store().clone();
        // A bucket answers each in milliseconds, and many side by side.
        let looked = futures::stream::iter(rows).map(|row| {
            let store = store.clone();
            async move {
                let bytes = u64::try_from(row.bytes).unwrap_or_default();
                let is_whole = store.is_whole(&row.hash, bytes).await?;
                let has_tiles = row.tiles.is_none() || has_tiles(&store, &row).await?;
                Ok::<_, crate::Error>((row, bytes, is_whole, has_tiles))
            }
        });
        let looked: Vec<_> = looked.buffered(AT_ONCE).try_collect().await?;
        for (row, bytes, is_whole, has_tiles) in looked {
            let is_hash = row.hash.len() == 64 && row.hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            audit.expect(is_hash, || format!("blob {} is not named by a SHA-256", row.hash));
            audit.expect(is_whole, || format!("blob {} is missing, or has not its {bytes} bytes", row.hash));
            audit.expect(has_tiles, || format!("the tiles of blob {} are missing or damaged", row.hash));
        }
    }
}

/// Whether the packed tiles are there, whole, and cut as the row says.
async fn has_tiles(store: &Store, row: &blob::Model) -> Result<bool> {
    let wanted = row.tiles.as_deref().and_then(|tiles| serde_json::from_str::<Tiles>(tiles).ok());
    match store.pyramid(&row.hash).await {
        Ok(found) => Ok(found.is_some_and(|(_, index)| Some(index.tiles) == wanted)),
        // A store that is out of reach has no damaged files.
        Err(error) if error.refusal().is_some() => Err(error),
        Err(error) => {
            tracing::warn!(?error, hash = row.hash, "tiles do not read");
            Ok(false)
        }
    }
}
