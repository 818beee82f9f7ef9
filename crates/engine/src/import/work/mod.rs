//! The job of an import: a leased row, worked in groups.
//!
//! Whoever holds the lease reads a group from the upload, then writes in one transaction its items, its problems, the
//! counts and the position after it, and renews the lease. The write is refused to one who lost the lease or does not
//! stand where the row stands. So a job that is dropped anywhere goes on from its last group, in this process or another.
//! The next group of a text is read while one is written. What it never does: hold more than these two in memory.

mod images;
mod native;
mod text;

use super::entity::{import, problem};
use super::insert::{self, NewItem};
use super::upload::{self, Stored};
use crate::Engine;
use crate::blob::{self, Picture};
use crate::db::{Tx, rows};
use crate::error::Result;
use crate::event::{self, Event};
use crate::job::{ATTEMPTS, LEASE, RENEW, back_off, is_outage};
use crate::project::entity::project;
use domain::import::{ImportOptions, ImportProblem};
use domain::time::Millis;
use domain::{Error, Words};
use formats::{Encoding, Limits, Position, Split};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;
use std::path::PathBuf;
use tokio::task::JoinHandle;

/// Problems that are kept; more are only counted.
const KEPT: i64 = 10_000;
/// A position is the number of the file above these bits and the place in the file below them.
const FILE_BITS: u32 = 40;

/// An import that this process holds.
pub(crate) struct Work {
    engine: Engine,
    row: import::Model,
    options: ImportOptions,
    folder: PathBuf,
    files: Vec<Stored>,
    source: Option<Source>,
}

/// What is read from now, and stands where the row stands.
enum Source {
    Text(Ahead<text::Reader>),
    Native(Ahead<native::Reader>),
    Archive(images::Archive),
}

/// The next group, being read, and the reader behind it.
type Ahead<R> = JoinHandle<Result<(R, Group)>>;

/// What was read and is not yet written.
#[derive(Clone, Default)]
struct Group {
    found: Found,
    /// Records or files, good and bad.
    read: i64,
    problems: Vec<ImportProblem>,
    pictures: Vec<Picture>,
    /// Where the next group begins.
    position: i64,
    bytes_done: i64,
    encoding: Option<&'static str>,
    /// Why the upload as a whole is refused.
    refused: Option<Words>,
    /// Nothing comes after this.
    ended: bool,
}

/// The good records of a group.
#[derive(Clone)]
enum Found {
    Items(Vec<NewItem>),
    Native(Vec<formats::native::Numbered>),
}

impl Default for Found {
    fn default() -> Self {
        Found::Items(Vec::new())
    }
}

/// Takes the job that waits longest: queued, or left by somebody whose lease has run out.
pub(crate) async fn take(engine: &Engine) -> Result<Option<import::Model>> {
    let now = engine.now();
    let waiting = import::Entity::find()
        .filter(import::Column::State.is_in(["queued", "running"]))
        .filter(import::Column::LeaseUntil.lte(now.0))
        .order_by_asc(import::Column::LeaseUntil)
        .order_by_asc(import::Column::Id)
        .one(engine.db().read())
        .await?;
    let Some(mut row) = waiting else { return Ok(None) };
    let (old_lease, old_state) = (row.lease_until, row.state.clone());
    row.state = "running".to_owned();
    row.lease_until = now.plus(LEASE).0;
    row.attempts += 1;
    let taken = row.clone();
    let is_ours = engine
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let update = import::Entity::update_many()
                    .col_expr(import::Column::State, Expr::value("running"))
                    .col_expr(import::Column::LeaseUntil, Expr::value(taken.lease_until))
                    .col_expr(import::Column::Attempts, Expr::value(taken.attempts))
                    .filter(import::Column::Id.eq(taken.id))
                    .filter(import::Column::State.eq(old_state))
                    .filter(import::Column::LeaseUntil.eq(old_lease));
                Ok(update.exec(tx).await?.rows_affected == 1)
            })
        })
        .await?;
    Ok(is_ours.then_some(row))
}

/// Works a taken job to its end. A fault puts it back for later, or ends it when it has failed too often.
pub(crate) async fn run(engine: &Engine, row: import::Model) {
    let id = row.id;
    let mut held = row.clone();
    let worked = async {
        if row.attempts > ATTEMPTS {
            // Whoever took it ended without a word, each time.
            return Err(anyhow::anyhow!("the workers of this import have died").into());
        }
        let mut work = Work::begin(engine, row).await?;
        loop {
            let more = work.step().await;
            held = work.row.clone();
            if !more? {
                return Ok::<(), crate::Error>(());
            }
        }
    };
    match worked.await {
        Ok(()) => {}
        // Somebody else has the job now.
        Err(crate::Error::Refused(Error::Conflict(_))) => {
            tracing::info!(import = %id, "an import went to another worker")
        }
        Err(error) => {
            tracing::error!(import = %id, attempt = held.attempts, ?error, "an import stopped");
            if let Err(error) = put_back(engine, held, is_outage(&error)).await {
                tracing::error!(import = %id, ?error, "an import was not put back");
            }
        }
    }
}

/// After a fault: queued again for later, or failed for good.
async fn put_back(engine: &Engine, row: import::Model, outage: bool) -> Result<()> {
    let mut end = row.clone();
    if outage {
        // What is away comes back: that is no try of the job.
        end.attempts -= 1;
    }
    if end.attempts < ATTEMPTS {
        end.state = "queued".to_owned();
        end.lease_until = engine.now().plus(back_off(row.attempts)).0;
    } else {
        end.state = "failed".to_owned();
        end.finished_at = Some(engine.now().0);
        let words = Words::new(
            "系统多次出错，导入中断。已导入的条目保留，请重新上传，重复的条目会自动跳过。",
            "The import broke off after several faults of ours. What was added stays; upload again, and duplicates are left out.",
        );
        end.error = Some(serde_json::to_string(&words)?);
    }
    engine.db().write(move |tx| Box::pin(async move { save(tx, &row, end).await })).await
}

/// The row with the lease prolonged.
async fn renew(engine: &Engine, row: &import::Model) -> Result<import::Model> {
    let (old, mut new) = (row.clone(), row.clone());
    new.lease_until = engine.now().plus(LEASE).0;
    let saved = new.clone();
    engine.db().write(move |tx| Box::pin(async move { save(tx, &old, new).await })).await?;
    Ok(saved)
}

/// Writes a row over the one that was read, if that still stands.
async fn save(tx: &Tx, old: &import::Model, new: import::Model) -> Result<()> {
    let update = import::Entity::update_many()
        .set(new.into_active_model().reset_all())
        .filter(import::Column::Id.eq(old.id))
        .filter(import::Column::State.eq("running"))
        .filter(import::Column::LeaseUntil.eq(old.lease_until))
        .filter(import::Column::Position.eq(old.position));
    if update.exec(tx).await?.rows_affected == 1 { Ok(()) } else { Err(domain::error::Conflict::Changed.into()) }
}

impl Work {
    /// Opens the upload where the row stands.
    pub(crate) async fn begin(engine: &Engine, row: import::Model) -> Result<Self> {
        let folder = upload::folder(engine, &row);
        let files = upload::files(engine, &row, &folder).await?;
        let options = serde_json::from_str(&row.options)?;
        Ok(Self { engine: engine.clone(), row, options, folder, files, source: None })
    }

    /// Reads and writes one group. Answers whether there is more.
    pub(crate) async fn step(&mut self) -> Result<bool> {
        let place = usize::try_from(self.row.position >> FILE_BITS).unwrap_or(usize::MAX);
        let mut group = match self.files.get(place).cloned() {
            None => {
                Group { position: self.row.position, bytes_done: self.row.bytes_total, ended: true, ..Group::default() }
            }
            Some(file) => {
                self.fetch(place).await?;
                match self.row.format.as_str() {
                    "images" => self.images(place, &file).await?,
                    "native" => self.native(place, &file).await?,
                    _ => self.text(place, &file).await?,
                }
            }
        };
        if self.files.len() > 1 {
            let name = self.files.get(place).map(|file| file.name.clone());
            for problem in &mut group.problems {
                problem.name = problem.name.take().or_else(|| name.clone());
            }
        }
        if group.refused.is_some() && self.files.len() > 1 {
            // One bad file among many is a problem like any other.
            group.refused = None;
        }
        let ended = group.ended || group.refused.is_some();
        self.write(group).await?;
        if ended {
            self.source = None;
            let _ = tokio::fs::remove_dir_all(&self.folder).await;
            upload::remove_remote(&self.engine, &self.row, self.files.len()).await;
        }
        Ok(!ended)
    }

    /// Brings the next files here from the bucket, where there is one and they are not here yet.
    async fn fetch(&mut self, place: usize) -> Result<()> {
        let Some(remote) = self.engine.store().remote().cloned() else { return Ok(()) };
        let ahead = if self.row.format == "images" { images::FILES } else { 1 };
        for place in place..self.files.len().min(place.saturating_add(ahead)) {
            let path = self.path(place);
            if tokio::fs::try_exists(&path).await? {
                continue;
            }
            tokio::fs::create_dir_all(&self.folder).await?;
            let key = upload::key(&self.row, place);
            let mut pull = std::pin::pin!(remote.pull(&key, &path));
            loop {
                tokio::select! {
                    pulled = &mut pull => break pulled?,
                    () = tokio::time::sleep(RENEW) => self.row = renew(&self.engine, &self.row).await?,
                }
            }
        }
        Ok(())
    }

    /// Everything of a group in one transaction.
    async fn write(&mut self, group: Group) -> Result<()> {
        let old = self.row.clone();
        let engine = self.engine.clone();
        self.row = self
            .engine
            .db()
            .write(move |tx| {
                Box::pin(async move {
                    let now = engine.now();
                    let mut row = old.clone();
                    for picture in &group.pictures {
                        blob::record(tx, now, picture).await?;
                    }
                    let mut problems = group.problems;
                    let ids = match group.found {
                        Found::Items(items) => insert::insert(tx, now, row.project_id, Some(row.id), items).await?,
                        Found::Native(items) => {
                            let project = project::Entity::find_by_id(row.project_id).one(tx).await?;
                            let project =
                                project.ok_or_else(|| anyhow::anyhow!("project {} is gone", row.project_id))?;
                            let (ids, refused) = native::add(tx, now, &project, row.id, items).await?;
                            problems.extend(refused);
                            problems.sort_by_key(|problem| problem.line);
                            ids
                        }
                    };
                    let added = count(ids.iter().flatten().count());
                    keep_problems(tx, &row, &problems).await?;
                    row.read += group.read;
                    row.added += added;
                    row.duplicates += count(ids.len()) - added;
                    row.rejected += count(problems.len());
                    row.position = group.position;
                    row.bytes_done = Ord::max(row.bytes_done, group.bytes_done);
                    if let Some(encoding) = group.encoding {
                        row.encoding = Some(encoding.to_owned());
                    }
                    row.lease_until = now.plus(LEASE).0;
                    // It moves: faults from here on are new ones.
                    row.attempts = 1;
                    if let Some(words) = &group.refused {
                        row.error = Some(serde_json::to_string(words)?);
                    }
                    if group.ended || group.refused.is_some() {
                        end(tx, now, &mut row).await?;
                    }
                    save(tx, &old, row.clone()).await?;
                    Ok(row)
                })
            })
            .await?;
        Ok(())
    }

    /// How the codecs are to read this file.
    fn told(&self, place: usize, file: &Stored) -> formats::ImportOptions {
        let limits = self.engine.config().limits;
        formats::ImportOptions {
            encoding: self.options.encoding.as_deref().and_then(Encoding::by_label),
            text_field: self.options.text_field.clone(),
            key_field: self.options.key_field.clone(),
            name: Some(file.name.clone()).filter(|name| !name.is_empty()),
            split: if self.options.whole_file { Split::File } else { Split::Line },
            limits: Limits {
                line_bytes: usize::try_from(limits.line_bytes).unwrap_or(usize::MAX),
                text_chars: usize::try_from(limits.text_chars).unwrap_or(usize::MAX),
                ..Limits::default()
            },
            resume: self.resume(place),
        }
    }

    /// The place in this file where the row stands.
    fn resume(&self, place: usize) -> Position {
        if self.row.position >> FILE_BITS == count(place) {
            Position(u64::try_from(self.row.position & ((1 << FILE_BITS) - 1)).unwrap_or_default())
        } else {
            Position(0)
        }
    }

    /// The bytes of the files before this one.
    fn bytes_before(&self, place: usize) -> u64 {
        self.files.iter().take(place).map(|file| file.bytes).sum()
    }

    fn path(&self, place: usize) -> PathBuf {
        self.folder.join(place.to_string())
    }
}

/// The position of a place in a file.
fn position(file: usize, at: Position) -> i64 {
    (count(file) << FILE_BITS) | i64::try_from(at.0).unwrap_or_default()
}

/// The position where a file begins.
fn position_of_file(file: usize) -> i64 {
    position(file, Position(0))
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn bytes(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Marks a job as ended and says so in the events.
async fn end(tx: &Tx, now: Millis, row: &mut import::Model) -> Result<()> {
    row.state = if row.error.is_some() { "failed" } else { "done" }.to_owned();
    row.finished_at = Some(now.0);
    row.lease_until = 0;
    row.bytes_done = if row.error.is_some() { row.bytes_done } else { row.bytes_total };
    let data = json!({
        "import": row.id, "state": row.state, "read": row.read, "added": row.added,
        "duplicates": row.duplicates, "rejected": row.rejected,
    });
    let (person, project) = (Some(row.created_by), Some(row.project_id));
    event::record(tx, now, Event { person, project, item: None, kind: "import.ended", data }).await
}

/// Stores problems behind those that are there, up to the cap.
async fn keep_problems(tx: &Tx, row: &import::Model, problems: &[ImportProblem]) -> Result<()> {
    let mut models = Vec::new();
    for (problem, position) in problems.iter().zip(row.rejected..KEPT) {
        let model = problem::Model {
            import_id: row.id,
            position,
            line: problem.line.map(bytes),
            name: problem.name.clone(),
            code: problem.code.clone(),
            message: serde_json::to_string(&problem.message)?,
            sample: problem.sample.clone(),
        };
        models.push(model.into_active_model());
    }
    rows::insert(tx, models, "").await?;
    Ok(())
}

/// Takes the leases off these jobs, where they are imports under way.
pub(crate) async fn let_go(tx: &Tx, held: &[uuid::Uuid]) -> Result<()> {
    import::Entity::update_many()
        .col_expr(import::Column::LeaseUntil, Expr::value(0_i64))
        .filter(import::Column::State.eq("running"))
        .filter(import::Column::Id.is_in(held.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// At a start, what an earlier process of this machine held is free at once: with SQLite there is no other.
pub(crate) async fn free_leases(engine: &Engine) -> Result<()> {
    engine
        .db()
        .write(|tx| {
            Box::pin(async move {
                import::Entity::update_many()
                    .col_expr(import::Column::LeaseUntil, Expr::value(0_i64))
                    .filter(Expr::col(import::Column::State).eq("running"))
                    .exec(tx)
                    .await?;
                Ok(())
            })
        })
        .await
}
