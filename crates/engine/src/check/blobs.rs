//! Blobs against the files.

use super::{Audit, PAGE};
use crate::blob::entity::blob;
use crate::blob::store;
use crate::error::Result;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

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
        for row in rows {
            let is_hash = row.hash.len() == 64 && row.hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            audit.expect(is_hash, || format!("blob {} is not named by a SHA-256", row.hash));
            let bytes = u64::try_from(row.bytes).unwrap_or_default();
            let is_whole = store::is_whole(audit.engine.data(), &row.hash, bytes).await;
            audit.expect(is_whole, || format!("blob {} is missing, or has not its {bytes} bytes", row.hash));
        }
    }
}
