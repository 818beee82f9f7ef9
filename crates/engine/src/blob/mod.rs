//! Files stored once by the SHA-256 of their content, and smaller renditions of images.
//!
//! What it is: the door by which an image file becomes a blob. Its type and size come from its bytes, never from its
//! name; it is decoded once, whole, so that a damaged one is refused before anybody is asked to label it.
//! What it never does: decode on the threads that answer requests, or before the header's pixel count was looked at.

pub(crate) mod entity;
pub(crate) mod fault;
pub(crate) mod picture;
pub(crate) mod pyramid;
pub(crate) mod remote;
pub(crate) mod store;

use crate::Engine;
use crate::db::Tx;
use crate::error::Result;
use domain::time::Millis;
use entity::blob;
pub(crate) use fault::Fault;
pub(crate) use picture::Picture;
use pyramid::Wanted;
pub use remote::{RemoteFile, Signed};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};
use std::path::PathBuf;
pub use store::StoredFile;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Where browsers are sent to for images: the origin of the object store, where addresses in it are given away.
pub fn signed_origin(engine: &Engine) -> Option<&str> {
    engine.store().remote().and_then(remote::Remote::origin)
}

/// Mebibytes that decoding may take at the same time in this process.
const MEBIBYTES: u32 = 1_920;
static DECODING: Semaphore = Semaphore::const_new(MEBIBYTES as usize);

/// Takes an image file in: looks, decodes, stores it with its renditions. The file goes where it belongs, or stays
/// where it is when it is refused. The row is the caller's to write, with [`record`], in their transaction.
pub(crate) async fn take_in(
    engine: &Engine,
    file: PathBuf,
    name: String,
) -> Result<std::result::Result<Picture, Fault>> {
    let limits = engine.config().limits;
    let looked = file.clone();
    let header = spawn_blocking(move || picture::look(&looked, &name, &limits)).await.map_err(anyhow::Error::new)??;
    let header = match header {
        Ok(header) => header,
        Err(fault) => return Ok(Err(fault)),
    };
    let store = engine.store();
    if let Some(known) = blob::Entity::find_by_id(header.sha256.clone()).one(engine.db().read()).await?
        && store.is_whole(&header.sha256, header.bytes).await?
        // One from before there were tiles gets them now.
        && (header.tiles().is_none() || known.tiles.is_some())
    {
        tokio::fs::remove_file(&file).await?;
        return Ok(Ok(Picture::from(known)));
    }
    let wanted = (header.working_bytes(&limits) >> 20) + 1;
    let wanted = u32::try_from(wanted).unwrap_or(MEBIBYTES).min(MEBIBYTES);
    let _place = DECODING.acquire_many(wanted).await.map_err(anyhow::Error::new)?;
    let (workplace, sha256) = (store.workplace(), header.sha256.clone());
    let below = workplace.clone();
    let is_wanted = Wanted::default();
    let stop = is_wanted.stop();
    let kept = spawn_blocking(move || picture::keep(&below, &file, header, &limits, &stop)).await;
    let kept = match kept {
        Ok(kept) => kept?,
        // What brings a decoder down is no picture that anybody should be asked to label.
        Err(error) if error.is_panic() => {
            tracing::error!(%error, sha256, "a decoder panicked");
            Err(Fault::Damaged)
        }
        Err(error) => return Err(anyhow::Error::new(error).into()),
    };
    drop(is_wanted);
    if kept.is_ok() {
        store.take(&workplace, &sha256).await?;
    }
    Ok(kept)
}

/// Writes the row of a stored file, unless it is there.
pub(crate) async fn record(tx: &Tx, now: Millis, picture: &Picture) -> Result<()> {
    let size = |n: u32| Set(Some(i32::try_from(n).unwrap_or(i32::MAX)));
    let row = blob::ActiveModel {
        hash: Set(picture.sha256.clone()),
        bytes: Set(i64::try_from(picture.bytes).unwrap_or(i64::MAX)),
        media_type: Set(picture.media_type.clone()),
        width: size(picture.width),
        height: size(picture.height),
        created_at: Set(now.0),
        tiles: Set(picture.tiles.map(|tiles| serde_json::to_string(&tiles)).transpose()?),
    };
    let mut there = OnConflict::column(blob::Column::Hash);
    // One from before there were tiles has them now.
    let there = if picture.tiles.is_some() { there.update_column(blob::Column::Tiles) } else { there.do_nothing() };
    let there = there.to_owned();
    blob::Entity::insert(row).on_conflict(there).exec_without_returning(tx).await?;
    Ok(())
}
