//! Blobs against the files.

use super::{Audit, PAGE};
use crate::blob::entity::blob;
use crate::error::Result;
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
                Ok::<_, crate::Error>((row, bytes, is_whole))
            }
        });
        let looked: Vec<_> = looked.buffered(AT_ONCE).try_collect().await?;
        for (row, bytes, is_whole) in looked {
            let is_hash = row.hash.len() == 64 && row.hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            audit.expect(is_hash, || format!("blob {} is not named by a SHA-256", row.hash));
            audit.expect(is_whole, || format!("blob {} is missing, or has not its {bytes} bytes", row.hash));
        }
    }
}
