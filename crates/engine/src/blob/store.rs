//! Where blobs, uploads and exports lie, and how a file gets there so that it is either whole or absent.
//!
//! In the data folder of the node, or in a bucket that all nodes share ([`super::remote`]). With a bucket the data folder
//! holds only what is on its way: a node can lose it and nothing is lost.

use super::pyramid::pack::Index;
use super::remote::{Remote, RemoteFile};
use crate::db::{Db, one_at_a_time};
use crate::error::{Error, Result};
use crate::{Bucket, facts};
use bytes::Bytes;
use futures::TryStreamExt;
use sea_orm::DbBackend;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use uuid::Uuid;

/// The file that says which store this is.
const MARK: &str = "blobs/terrace-store";
/// The fact that says which store the rows speak of.
const FACT: &str = "store";
/// The fact that says whether that is a bucket or a folder.
const KIND: &str = "store_kind";
/// What a rendition may be: the ending of its name and its media type.
const RENDITIONS: [(&str, &str); 2] = [("jpg", "image/jpeg"), ("png", "image/png")];

/// What a pyramid's name says it is, and its ending.
const PYRAMID: (&str, &str) = ("tiles", "pack");
/// Bytes of indexes of pyramids that are held in memory.
const INDEXES: usize = 32 << 20;

/// A file of the store, to be read.
#[derive(Debug, Clone)]
pub enum StoredFile {
    /// On this machine.
    Local(PathBuf),
    /// In the bucket.
    Remote(RemoteFile),
}

impl StoredFile {
    /// All of it.
    pub async fn read(&self) -> Result<Vec<u8>> {
        match self {
            StoredFile::Local(path) => Ok(tokio::fs::read(path).await?),
            StoredFile::Remote(file) => file.read_all().await,
        }
    }

    /// A part of it.
    pub async fn read_range(&self, range: Range<u64>) -> Result<Bytes> {
        let wanted = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        match self {
            StoredFile::Local(path) => {
                let mut file = tokio::fs::File::open(path).await?;
                file.seek(SeekFrom::Start(range.start)).await?;
                file.take(wanted as u64).read_to_end(&mut bytes).await?;
            }
            StoredFile::Remote(file) => {
                let mut pieces = file.stream(range).await?;
                // A connection that breaks off in the middle is the store's outage, and no fault.
                let away = |error| {
                    tracing::warn!(%error, "the object store broke off");
                    domain::Error::Unavailable
                };
                while let Some(piece) = pieces.try_next().await.map_err(away)? {
                    bytes.extend_from_slice(&piece);
                }
            }
        }
        if bytes.len() == wanted {
            Ok(bytes.into())
        } else {
            Err(anyhow::anyhow!("a stored file ends before byte {wanted} of a part").into())
        }
    }

    /// Copies it into a file on this machine, which must not exist.
    pub async fn copy_to(&self, target: &Path) -> Result<()> {
        let mut out = tokio::fs::File::create_new(target).await?;
        match self {
            StoredFile::Local(path) => {
                tokio::io::copy(&mut tokio::fs::File::open(path).await?, &mut out).await?;
            }
            StoredFile::Remote(file) => file.copy_into(&mut out).await?,
        }
        out.sync_all().await?;
        Ok(())
    }
}

/// Indexes of pyramids that were read, the oldest first.
type Indexes = VecDeque<(String, Arc<Index>)>;

/// The place for files.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    data: PathBuf,
    remote: Option<Remote>,
    indexes: Arc<Mutex<Indexes>>,
}

impl Store {
    /// Opens the bucket, or else the data folder. Nothing is asked of the bucket yet.
    pub(crate) fn open(data: &Path, bucket: Option<&Bucket>) -> Result<Self> {
        Ok(Self { data: data.to_owned(), remote: bucket.map(Remote::open).transpose()?, indexes: Arc::default() })
    }

    /// The bucket, where there is one.
    pub(crate) fn remote(&self) -> Option<&Remote> {
        self.remote.as_ref()
    }

    /// What it is, for people.
    pub(crate) fn said(&self) -> String {
        match &self.remote {
            Some(remote) => remote.said().to_owned(),
            None => self.data.display().to_string(),
        }
    }

    /// Refuses a store that is not the one that the rows speak of: images would be missing, and uploads that one node takes
    /// another would not find. The first to come writes the same mark into the store and into the database.
    pub(crate) async fn recognise(&self, db: &Db) -> Result<()> {
        let (store, is_sqlite) = (self.clone(), db.backend() == DbBackend::Sqlite);
        let kind = if self.remote.is_some() { "bucket" } else { "folder" };
        db.write(move |tx| {
            Box::pin(async move {
                one_at_a_time(tx, FACT).await?;
                let (fact, mark) = (facts::get(tx, FACT).await?, store.mark().await?);
                // With the database in the same folder there is no other folder that could be meant.
                let was_here = is_sqlite && kind == "folder" && facts::get(tx, KIND).await?.as_deref() == Some(kind);
                match (fact, mark) {
                    (Some(fact), Some(mark)) if fact == mark => Ok(()),
                    (Some(fact), None) if was_here => store.set_mark(&fact).await,
                    (Some(fact), mark) => return Err(store.is_another(&fact, mark.as_deref())),
                    (None, Some(mark)) => facts::set(tx, FACT, &mark).await,
                    (None, None) => {
                        let mark = Uuid::now_v7().to_string();
                        store.set_mark(&mark).await?;
                        facts::set(tx, FACT, &mark).await
                    }
                }?;
                // Nothing is written where all is as it was: a node starts, and the doctor looks, while no commit is answered.
                if facts::get(tx, KIND).await?.as_deref() == Some(kind) {
                    return Ok(());
                }
                facts::set(tx, KIND, kind).await
            })
        })
        .await
    }

    fn is_another(&self, fact: &str, mark: Option<&str>) -> Error {
        let found = match mark {
            Some(mark) => format!("holds those of another installation ({mark})"),
            None => "does not hold them".to_owned(),
        };
        Error::Broken(anyhow::anyhow!(
            "the images, uploads and exports of this database are in another store: {} {found}; its file {MARK} would say \
             {fact}. Give every node the same `blob_url`, or the same shared data folder; when moving to another store, copy \
             all files first, {MARK} with them",
            self.said()
        ))
    }

    async fn mark(&self) -> Result<Option<String>> {
        let bytes = match &self.remote {
            Some(remote) => remote.read(MARK).await?,
            None => match tokio::fs::read(self.data.join(MARK)).await {
                Ok(bytes) => Some(bytes),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(error.into()),
            },
        };
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()))
    }

    async fn set_mark(&self, mark: &str) -> Result<()> {
        let bytes = format!("{mark}\n").into_bytes();
        match &self.remote {
            Some(remote) => remote.write(MARK, bytes).await,
            None => {
                let path = self.data.join(MARK);
                tokio::task::spawn_blocking(move || write(&path, &bytes))
                    .await
                    .map_err(anyhow::Error::new)?
                    .map_err(Error::from)
            }
        }
    }

    /// Below which folder a picture's files are made: their place, or one from which [`Store::take`] takes them.
    pub(crate) fn workplace(&self) -> PathBuf {
        match self.remote {
            None => self.data.clone(),
            // Named like an upload under way, so that what is left behind is swept with those.
            Some(_) => self.data.join("uploads").join(format!("{}.part", Uuid::now_v7())),
        }
    }

    /// Brings what was made below a workplace to its place: renditions first, so that an original that is there is ready.
    pub(crate) async fn take(&self, workplace: &Path, sha256: &str) -> Result<()> {
        let Some(remote) = &self.remote else { return Ok(()) };
        let (original, name) = (original(workplace, sha256), key(sha256));
        let mut made = Vec::new();
        let mut entries = tokio::fs::read_dir(folder_of(&original)?).await?;
        while let Some(entry) = entries.next_entry().await? {
            let path = entry.path();
            if path != original
                && let Some(rendition) = entry.file_name().to_str().and_then(|made| made.strip_prefix(sha256))
            {
                made.push((path.clone(), format!("{name}{rendition}")));
            }
        }
        made.push((original, name));
        for (path, key) in made {
            remote.push(&path, &key).await?;
        }
        if let Err(error) = tokio::fs::remove_dir_all(workplace).await {
            tracing::warn!(%error, "a workplace was not removed");
        }
        Ok(())
    }

    /// The original under this hash, which is so long.
    pub(crate) fn original(&self, sha256: &str, bytes: u64) -> StoredFile {
        match &self.remote {
            Some(remote) => StoredFile::Remote(remote.file(&key(sha256), bytes)),
            None => StoredFile::Local(original(&self.data, sha256)),
        }
    }

    /// A rendition in whichever type it was made, with its media type.
    pub(crate) async fn rendition(&self, sha256: &str, kind: &str) -> Result<Option<(StoredFile, &'static str)>> {
        for (extension, media_type) in RENDITIONS {
            let found = match &self.remote {
                Some(remote) => {
                    let key = format!("{}.{kind}.{extension}", key(sha256));
                    remote.size(&key).await?.map(|bytes| StoredFile::Remote(remote.file(&key, bytes)))
                }
                None => {
                    let path = rendition(&self.data, sha256, kind, extension);
                    tokio::fs::try_exists(&path).await.unwrap_or(false).then_some(StoredFile::Local(path))
                }
            };
            if let Some(file) = found {
                return Ok(Some((file, media_type)));
            }
        }
        Ok(None)
    }

    /// The pyramid of an image, if there is one: its file, and where its tiles lie.
    pub(crate) async fn pyramid(&self, sha256: &str) -> Result<Option<(StoredFile, Arc<Index>)>> {
        let (kind, extension) = PYRAMID;
        let (file, bytes) = match &self.remote {
            Some(remote) => {
                let key = format!("{}.{kind}.{extension}", key(sha256));
                let Some(bytes) = remote.size(&key).await? else {
                    // An image from before there were tiles gets them when it is uploaded again, on any node.
                    remote.forget(&key);
                    return Ok(None);
                };
                (remote.stored(&key, bytes), bytes)
            }
            None => {
                let path = rendition(&self.data, sha256, kind, extension);
                let Ok(file) = tokio::fs::metadata(&path).await else { return Ok(None) };
                (StoredFile::Local(path), file.len())
            }
        };
        let known = {
            let indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
            indexes.iter().find(|(known, _)| known == sha256).map(|(_, index)| Arc::clone(index))
        };
        if let Some(index) = known {
            return Ok(Some((file, index)));
        }
        let index = Arc::new(Index::read(&file, bytes).await?);
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        // Several may have read it at once.
        indexes.retain(|(known, _)| known != sha256);
        indexes.push_back((sha256.to_owned(), Arc::clone(&index)));
        while indexes.len() > 1 && indexes.iter().map(|(_, index)| index.weight()).sum::<usize>() > INDEXES {
            indexes.pop_front();
        }
        Ok(Some((file, index)))
    }

    /// Whether the original is there with this length.
    pub(crate) async fn is_whole(&self, sha256: &str, bytes: u64) -> Result<bool> {
        match &self.remote {
            Some(remote) => Ok(remote.size(&key(sha256)).await? == Some(bytes)),
            None => Ok(tokio::fs::metadata(original(&self.data, sha256)).await.is_ok_and(|file| file.len() == bytes)),
        }
    }
}

/// The name of an original in a bucket; in a data folder the same.
fn key(sha256: &str) -> String {
    let first = sha256.get(..2).unwrap_or_default();
    let second = sha256.get(2..4).unwrap_or_default();
    format!("blobs/{first}/{second}/{sha256}")
}

/// The original under this hash below this folder: `blobs/ab/cd/abcd…`.
pub(crate) fn original(root: &Path, sha256: &str) -> PathBuf {
    root.join(key(sha256))
}

/// A rendition of it, beside it: `abcd….256.jpg`.
pub(crate) fn rendition(root: &Path, sha256: &str, kind: &str, extension: &str) -> PathBuf {
    original(root, sha256).with_file_name(format!("{sha256}.{kind}.{extension}"))
}

/// The pyramid of an original, beside it.
pub(crate) fn pyramid(root: &Path, sha256: &str) -> PathBuf {
    let (kind, extension) = PYRAMID;
    rendition(root, sha256, kind, extension)
}

/// Moves a finished file to its place. After this it survives a power cut.
pub(crate) fn settle(from: &Path, to: &Path) -> io::Result<()> {
    let folder = folder_of(to)?;
    std::fs::create_dir_all(folder)?;
    File::open(from)?.sync_all()?;
    std::fs::rename(from, to)?;
    sync_folder(folder)
}

/// Writes a file beside its place and moves it there.
pub(crate) fn write(to: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(to)?;
    std::fs::create_dir_all(folder)?;
    let temporary = folder.join(format!(".{}.tmp", Uuid::now_v7().simple()));
    let written = File::create(&temporary).and_then(|mut file| file.write_all(bytes));
    let settled = written.and_then(|()| settle(&temporary, to));
    if settled.is_err() {
        // What is left of it is worth nothing.
        let _ = std::fs::remove_file(&temporary);
    }
    settled
}

/// Makes names in a folder last. Some systems cannot do that, and need it as little.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn folder_of(path: &Path) -> io::Result<&Path> {
    path.parent().ok_or_else(|| io::Error::other("a blob has a folder"))
}
