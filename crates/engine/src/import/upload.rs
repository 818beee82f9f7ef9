//! Uploads: bytes into a folder of their own until they are whole, then a queued job.

use super::entity::import;
use super::{begin, queries};
use crate::blob::{picture, store};
use crate::error::Result;
use crate::event::{self, Event};
use crate::{Ctx, Engine};
use domain::Error;
use domain::id::ProjectId;
use domain::import::{ImportOptions, ImportView};
use domain::project::Modality;
use formats::{Format, Kind};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs::{self, File};
use tokio::io::{AsyncWriteExt, BufWriter};
use uuid::Uuid;

/// The most files of one upload; more belong into a ZIP.
const FILES_MAX: usize = 20_000;
/// The first bytes of a file, by which its format is guessed.
const HEAD: usize = 4_096;
/// The ending of folders whose upload is under way.
const UNDER_WAY: &str = "part";
/// A folder under way in which nothing was written for so long was left behind.
const LEFT_AFTER: Duration = Duration::from_secs(600);
/// The list of an upload's files, written when it is whole.
const LIST: &str = "files.json";

/// A file of an upload; on disk its name is its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    /// The name that the uploader gave.
    pub(super) name: String,
    /// Its length.
    pub(super) bytes: u64,
}

/// An upload under way; dropping it discards what came.
#[derive(Debug)]
pub struct Upload {
    ctx: Ctx,
    project: ProjectId,
    modality: Modality,
    options: ImportOptions,
    id: Uuid,
    folder: PathBuf,
    current: Option<Current>,
    files: Vec<(Stored, Vec<u8>)>,
    bytes: u64,
    finished: bool,
}

#[derive(Debug)]
struct Current {
    file: BufWriter<File>,
    stored: Stored,
    head: Vec<u8>,
}

impl Upload {
    pub(super) async fn open(
        ctx: Ctx,
        project: ProjectId,
        modality: Modality,
        options: ImportOptions,
    ) -> Result<Upload> {
        let id = ctx.new_id();
        let folder = uploads(&ctx).join(format!("{id}.{UNDER_WAY}"));
        fs::create_dir_all(&folder).await?;
        let (current, files) = (None, Vec::new());
        Ok(Upload { ctx, project, modality, options, id, folder, current, files, bytes: 0, finished: false })
    }

    /// Takes the next bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let limit = self.ctx.config().limits.upload_bytes;
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.bytes > limit {
            return Err(Error::TooLarge(limit).into());
        }
        if self.current.is_none() {
            let name = self.options.name.clone().unwrap_or_default();
            self.next_file(&name).await?;
        }
        if let Some(current) = &mut self.current {
            let missing = HEAD.saturating_sub(current.head.len());
            current.head.extend(bytes.iter().take(missing));
            current.stored.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            current.file.write_all(bytes).await?;
        }
        Ok(())
    }

    /// Begins the next file of an upload of many.
    pub async fn next_file(&mut self, name: &str) -> Result<()> {
        self.close_file().await?;
        if self.files.len() >= FILES_MAX {
            let (zh, en) = (
                format!("一次最多上传 {FILES_MAX} 个文件，更多请打包为 ZIP。"),
                format!("At most {FILES_MAX} files at once. Put more into a ZIP."),
            );
            return Err(Error::invalid("files", "too-many-files", zh, en).into());
        }
        let file = File::create(self.folder.join(self.files.len().to_string())).await?;
        let stored = Stored { name: name.trim().to_owned(), bytes: 0 };
        self.current = Some(Current { file: BufWriter::with_capacity(256 << 10, file), stored, head: Vec::new() });
        Ok(())
    }

    async fn close_file(&mut self) -> Result<()> {
        if let Some(mut current) = self.current.take() {
            current.file.flush().await?;
            current.file.get_ref().sync_all().await?;
            self.files.push((current.stored, current.head));
        }
        Ok(())
    }

    /// Queues the job. What came is on disk by then.
    pub async fn finish(mut self) -> Result<ImportView> {
        self.close_file().await?;
        if self.bytes == 0 {
            return Err(Error::invalid("file", "empty-upload", "没有收到内容。", "Nothing was uploaded.").into());
        }
        let format = self.format()?;
        let files: Vec<Stored> = self.files.iter().map(|(stored, _)| stored.clone()).collect();
        let list = self.folder.join(LIST);
        let bytes = serde_json::to_vec(&files)?;
        tokio::task::spawn_blocking(move || store::write(&list, &bytes)).await.map_err(anyhow::Error::new)??;
        let whole = uploads(&self.ctx).join(self.id.to_string());
        fs::rename(&self.folder, &whole).await?;
        self.folder = whole;
        let above = uploads(&self.ctx);
        tokio::task::spawn_blocking(move || store::sync_folder(&above)).await.map_err(anyhow::Error::new)??;

        let row = self.row(format, &files)?;
        if let Err(error) = push(&self.ctx, &row, &self.folder, files.len()).await {
            remove_remote(&self.ctx, &row, files.len()).await;
            return Err(error);
        }
        let saved = row.clone();
        let (ctx, project) = (self.ctx.clone(), self.project);
        let queued = self.ctx.write(move |tx| {
            Box::pin(async move {
                // An upload may take an hour, in which roles and projects change.
                begin::open_project(tx, &ctx, project).await?;
                let data =
                    json!({ "import": row.id, "format": row.format, "name": row.name, "bytes": row.bytes_total });
                let deed = Event {
                    person: Some(ctx.person()),
                    project: Some(row.project_id),
                    item: None,
                    kind: "import.queued",
                    data,
                };
                event::record(tx, ctx.now(), deed).await?;
                import::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
                Ok(())
            })
        });
        if let Err(error) = queued.await {
            remove_remote(&self.ctx, &saved, files.len()).await;
            return Err(error);
        }
        self.finished = true;
        self.ctx.jobs().notify_waiters();
        queries::bare_view(saved, Vec::new())
    }

    fn row(&self, format: &Format, files: &[Stored]) -> Result<import::Model> {
        let first = files.first().map(|file| file.name.as_str()).filter(|name| !name.is_empty());
        let name = self.options.name.as_deref().or(first).unwrap_or(format.id);
        let more = files.len().saturating_sub(1);
        let name: String = name.chars().take(200).collect();
        let name = if more > 0 { format!("{name} (+{more})") } else { name };
        Ok(import::Model {
            id: self.id,
            project_id: self.project.0,
            created_by: self.ctx.person(),
            state: "queued".to_owned(),
            name,
            options: serde_json::to_string(&self.options)?,
            format: format.id.to_owned(),
            encoding: self.options.encoding.clone(),
            upload: self.id.to_string(),
            read: 0,
            added: 0,
            duplicates: 0,
            rejected: 0,
            bytes_total: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            bytes_done: 0,
            position: 0,
            error: None,
            created_at: self.ctx.now().0,
            finished_at: None,
            lease_until: 0,
            attempts: 0,
        })
    }

    /// The format that the uploader named, or the one that names and contents say.
    fn format(&self) -> Result<&'static Format> {
        if let Some(id) = self.options.format.as_deref() {
            let format = formats::by_id(Kind::Import, id).ok_or_else(|| Error::Unsupported(id.to_owned()))?;
            begin::fits(format, self.modality)?;
            return Ok(format);
        }
        let images = formats::by_id(Kind::Import, "images").ok_or_else(|| Error::Unsupported("images".to_owned()))?;
        if self.modality == Modality::Image && self.files.len() > 1 {
            // What is no image among many is a problem of its own, not of the others.
            return Ok(images);
        }
        let mut found: Option<&'static Format> = None;
        for (stored, head) in &self.files {
            let guessed = formats::format::guess(&stored.name, head);
            let guessed = guessed.or_else(|| picture::is_image(head).then_some(images));
            let guessed = guessed.or_else(|| guess_by_content(head));
            let Some(format) = guessed else {
                let name = if stored.name.is_empty() { "?" } else { &stored.name };
                return Err(Error::Unsupported(name.to_owned()).into());
            };
            begin::fits(format, self.modality)?;
            if found.is_some_and(|first| first.id != format.id) {
                let (zh, en) = ("一次上传的文件须为同一格式。", "The files of one upload must have one format.");
                return Err(Error::invalid("files", "mixed-formats", zh, en).into());
            }
            found = Some(format);
        }
        Ok(found.unwrap_or(images))
    }
}

/// For bodies without a name, as programs send them.
fn guess_by_content(head: &[u8]) -> Option<&'static Format> {
    let begin = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    if !begin.starts_with(b"{") {
        return None;
    }
    let id = if formats::native::looks_native(head) { "native" } else { "jsonl" };
    formats::by_id(Kind::Import, id)
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.finished {
            // What stays behind all the same is swept later.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn uploads(engine: &Engine) -> PathBuf {
    engine.data().join("uploads")
}

/// The folder of a finished upload.
pub(super) fn folder(engine: &Engine, row: &import::Model) -> PathBuf {
    uploads(engine).join(&row.upload)
}

/// The name of one of its files in a bucket.
pub(super) fn key(row: &import::Model, place: usize) -> String {
    format!("uploads/{}/{place}", row.upload)
}

fn list_key(row: &import::Model) -> String {
    format!("uploads/{}/{LIST}", row.upload)
}

/// Brings a finished upload where every node finds it. The copy here stays for the job, which may run here.
async fn push(engine: &Engine, row: &import::Model, folder: &Path, files: usize) -> Result<()> {
    let Some(remote) = engine.store().remote() else { return Ok(()) };
    for place in 0..files {
        remote.push(&folder.join(place.to_string()), &key(row, place)).await?;
    }
    remote.push(&folder.join(LIST), &list_key(row)).await
}

/// Removes an upload from the bucket. What stays behind is swept later.
pub(super) async fn remove_remote(engine: &Engine, row: &import::Model, files: usize) {
    let Some(remote) = engine.store().remote() else { return };
    let names = (0..files).map(|place| key(row, place)).chain([list_key(row)]).collect();
    if let Err(error) = remote.remove(names).await {
        tracing::warn!(?error, import = %row.id, "an upload was left in the object store");
    }
}

/// The files of a finished upload.
pub(super) async fn files(engine: &Engine, row: &import::Model, folder: &Path) -> Result<Vec<Stored>> {
    let here = fs::read(folder.join(LIST)).await;
    let bytes = match (here, engine.store().remote()) {
        (Ok(bytes), _) => bytes,
        (Err(_), Some(remote)) => {
            let found = remote.read(&list_key(row)).await?;
            found.ok_or_else(|| anyhow::anyhow!("the upload {} is not in the object store", row.upload))?
        }
        (Err(error), None) => return Err(error.into()),
    };
    Ok(serde_json::from_slice(&bytes)?)
}

/// Removes what uploads left behind: folders under way in which nothing moves any more, and those of ended jobs.
pub(crate) async fn sweep(engine: &Engine) -> Result<()> {
    let mut folders = fs::read_dir(uploads(engine)).await?;
    while let Some(entry) = folders.next_entry().await? {
        let path = entry.path();
        let Some(id) = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<Uuid>().ok())
        else {
            continue;
        };
        let row = import::Entity::find_by_id(id).one(engine.db().read()).await?;
        let is_needed = match row {
            Some(row) => matches!(row.state.as_str(), "queued" | "running"),
            None => is_moving(&path).await,
        };
        if !is_needed && let Err(error) = fs::remove_dir_all(&path).await {
            tracing::warn!(%error, upload = %id, "an upload left behind was not removed");
        }
    }
    sweep_remote(engine).await
}

/// Removes from the bucket what ended jobs left there. What no row names is another node's, on its way, or another
/// installation's, and left alone.
async fn sweep_remote(engine: &Engine) -> Result<()> {
    let Some(remote) = engine.store().remote() else { return Ok(()) };
    for name in remote.folders("uploads").await? {
        let Ok(id) = name.parse::<Uuid>() else { continue };
        let row = import::Entity::find_by_id(id).one(engine.db().read()).await?;
        if row.is_some_and(|row| !matches!(row.state.as_str(), "queued" | "running")) {
            remote.remove_folder(&format!("uploads/{name}")).await?;
        }
    }
    Ok(())
}

/// Whether anything in a folder was written of late. One that cannot be read is left alone.
async fn is_moving(folder: &Path) -> bool {
    let Ok(mut files) = fs::read_dir(folder).await else { return true };
    let mut moved = vec![fs::metadata(folder).await];
    while let Ok(Some(file)) = files.next_entry().await {
        moved.push(file.metadata().await);
    }
    let is_recent =
        |file: &std::fs::Metadata| file.modified().is_ok_and(|at| at.elapsed().is_ok_and(|since| since < LEFT_AFTER));
    moved.iter().flatten().any(is_recent)
}
