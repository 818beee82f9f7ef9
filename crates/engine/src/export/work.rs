//! The job of an export: a leased row; items in pages from the database to a thread that writes the file.
//!
//! A job that is dropped begins anew: the file gets its name only when it is whole and on disk. What it never does: hold
//! more than a few pages in memory, or read a clock into the file.

use super::entity::export;
use super::queries;
use crate::Engine;
use crate::annotation;
use crate::blob::store;
use crate::error::Result;
use crate::event::entity::event;
use crate::event::{self as events, Event};
use crate::item::entity::item;
use crate::item::queries as items;
use crate::job::{ATTEMPTS, LEASE, RENEW, back_off, is_outage};
use crate::project::entity::project;
use crate::project::queries::{parse, schema_in_force};
use domain::export::Only;
use domain::item::ItemState;
use domain::schema::Schema;
use domain::{Error, Words};
use formats::export::{ExportContext, Spool};
use formats::manifest::{FileSum, Manifest, Summed};
use formats::native::{ExportAnnotation, ExportData, ExportItem, VERSION};
use formats::{Kind, Loss};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use uuid::Uuid;

/// The file's name on disk; people get it under its own.
pub(super) const DATA: &str = "data";
/// Items of a page.
const PAGE: u64 = 500;
/// Pages between the database and the file.
const AHEAD: usize = 2;
/// How often the progress is written and the lease renewed.
const TELL: Duration = Duration::from_secs(1);
/// Kinds of losses that are told apart; formats have fewer, a hostile schema may not.
const LOSSES: usize = 500;
/// The most characters of a project's name in a file's name.
const NAME_MAX: usize = 80;

/// Takes the job that waits longest: queued, or left by somebody whose lease has run out.
pub(crate) async fn take(engine: &Engine) -> Result<Option<export::Model>> {
    let now = engine.now();
    let waiting = export::Entity::find()
        .filter(export::Column::State.is_in(["queued", "running"]))
        .filter(export::Column::LeaseUntil.lte(now.0))
        .order_by_asc(export::Column::LeaseUntil)
        .order_by_asc(export::Column::Id)
        .one(engine.db().read())
        .await?;
    let Some(old) = waiting else { return Ok(None) };
    let mut row = old.clone();
    row.state = "running".to_owned();
    row.lease_until = now.plus(LEASE).0;
    row.attempts += 1;
    row.done = 0;
    let is_ours = replace(engine, old, row.clone(), None).await?;
    Ok(is_ours.then_some(row))
}

/// Works a taken job to its end. A fault puts it back for later, or ends it when it has failed too often.
pub(crate) async fn run(engine: &Engine, row: export::Model) {
    let id = row.id;
    let mut held = row;
    let worked = write(engine, &mut held).await;
    let outcome = match worked {
        Ok(()) => Ok(()),
        Err(crate::Error::Refused(Error::Conflict(_))) => {
            tracing::info!(export = %id, "an export went to another worker");
            Ok(())
        }
        Err(error) => {
            tracing::error!(export = %id, attempt = held.attempts, ?error, "an export stopped");
            put_back(engine, held, is_outage(&error)).await
        }
    };
    if let Err(error) = outcome {
        tracing::error!(export = %id, ?error, "an export was not put back");
    }
}

/// After a fault: queued again for later, or failed for good.
async fn put_back(engine: &Engine, old: export::Model, outage: bool) -> Result<()> {
    let mut row = old.clone();
    if outage {
        // What is away comes back: that is no try of the job.
        row.attempts -= 1;
    }
    if row.attempts < ATTEMPTS {
        row.state = "queued".to_owned();
        row.lease_until = engine.now().plus(back_off(row.attempts)).0;
    } else {
        row.state = "failed".to_owned();
        row.finished_at = Some(engine.now().0);
        let words = Words::new(
            "系统多次出错，导出没有完成，请稍后再试。",
            "The export broke off after several faults of ours. Try again later.",
        );
        row.error = Some(serde_json::to_string(&words)?);
    }
    let _ = tokio::fs::remove_dir_all(queries::folder(engine, &old)).await;
    replace(engine, old, row, None).await?;
    Ok(())
}

/// Writes a row over the one that was read, if that still stands.
async fn replace(engine: &Engine, old: export::Model, new: export::Model, deed: Option<Event>) -> Result<bool> {
    let now = engine.now();
    engine
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let update = export::Entity::update_many()
                    .set(new.into_active_model().reset_all())
                    .filter(export::Column::Id.eq(old.id))
                    .filter(export::Column::State.eq(old.state))
                    .filter(export::Column::LeaseUntil.eq(old.lease_until))
                    .filter(export::Column::Attempts.eq(old.attempts))
                    .filter(export::Column::Done.eq(old.done));
                let is_ours = update.exec(tx).await?.rows_affected == 1;
                if let Some(deed) = deed.filter(|_| is_ours) {
                    events::record(tx, now, deed).await?;
                }
                Ok(is_ours)
            })
        })
        .await
}

/// The same, for the holder of the lease.
async fn save(engine: &Engine, held: &mut export::Model, new: export::Model, deed: Option<Event>) -> Result<()> {
    if !replace(engine, held.clone(), new.clone(), deed).await? {
        return Err(domain::error::Conflict::Changed.into());
    }
    *held = new;
    Ok(())
}

/// What the writing thread brings back.
struct Written {
    sum: FileSum,
    manifest: Manifest,
    losses: Vec<(Words, u64)>,
}

async fn write(engine: &Engine, held: &mut export::Model) -> Result<()> {
    if held.attempts > ATTEMPTS {
        // Whoever took it ended without a word, each time.
        return Err(anyhow::anyhow!("the workers of this export have died").into());
    }
    let project = project::Entity::find_by_id(held.project_id).one(engine.db().read()).await?;
    let project = project.ok_or_else(|| anyhow::anyhow!("project {} is gone", held.project_id))?;
    let schema = schema_in_force(engine.db().read(), &project).await?;
    let only: Only = parse(&held.only_items)?;
    let name = file_name(&project.name, &held.format, only);
    let folder = queries::folder(engine, held);
    let _ = tokio::fs::remove_dir_all(&folder).await;
    tokio::fs::create_dir_all(&folder).await?;

    let (pages, written) = mpsc::channel(AHEAD);
    let mut file = Writing {
        folder: folder.clone(),
        name: name.clone(),
        format: held.format.clone(),
        only: held.only_items.clone(),
        schema,
        project: project.clone(),
        losses: Vec::new(),
    };
    let writer = tokio::task::spawn_blocking(move || file.write(written));
    let read = feed(engine, held, only, pages).await;
    let written = writer.await.map_err(anyhow::Error::new)?;
    let done = read?;
    let Written { sum, manifest, losses } = written?;
    if let Some(remote) = engine.store().remote() {
        let (local, key) = (folder.join(DATA), queries::key(held));
        let mut push = std::pin::pin!(remote.push(&local, &key));
        loop {
            tokio::select! {
                pushed = &mut push => break pushed?,
                () = tokio::time::sleep(RENEW) => {
                    let mut row = held.clone();
                    row.lease_until = engine.now().plus(LEASE).0;
                    save(engine, held, row, None).await?;
                }
            }
        }
        let _ = tokio::fs::remove_dir_all(&folder).await;
    }

    let mut row = held.clone();
    let mut text = Vec::new();
    manifest.write(&mut text)?;
    row.state = "done".to_owned();
    (row.done, row.total) = (done, done);
    row.bytes = Some(i64::try_from(sum.bytes).unwrap_or(i64::MAX));
    row.sha256 = Some(sum.sha256);
    row.file_name = Some(name);
    row.losses = serde_json::to_string(&losses)?;
    row.manifest = Some(String::from_utf8(text).map_err(anyhow::Error::new)?);
    row.finished_at = Some(engine.now().0);
    row.lease_until = 0;
    let data = json!({ "export": row.id, "items": done, "sha256": row.sha256 });
    let (person, project) = (Some(row.created_by), Some(row.project_id));
    save(engine, held, row, Some(Event { person, project, item: None, kind: "export.ended", data })).await
}

/// Sends the items in pages, in the order of their coming. Answers how many.
async fn feed(
    engine: &Engine,
    held: &mut export::Model,
    only: Only,
    pages: mpsc::Sender<Option<Vec<ExportItem>>>,
) -> Result<i64> {
    let db = engine.db().read();
    let mut after: Option<Uuid> = None;
    let mut done = 0;
    let mut told = Instant::now();
    loop {
        let mut select = item::Entity::find().filter(item::Column::ProjectId.eq(held.project_id));
        if only == Only::Accepted {
            select = select.filter(item::Column::State.eq(ItemState::Accepted.code()));
        }
        if let Some(after) = after {
            select = select.filter(item::Column::Id.gt(after));
        }
        let rows = select.order_by_asc(item::Column::Id).limit(PAGE).all(db).await?;
        let Some(last) = rows.last() else {
            let _ = pages.send(None).await;
            return Ok(done);
        };
        after = Some(last.id);
        done += i64::try_from(rows.len()).unwrap_or_default();
        // The writer has gone when it met a fault: that is what is told then.
        if pages.send(Some(read(db, &rows).await?)).await.is_err() {
            return Ok(done);
        }
        if told.elapsed() >= TELL {
            let mut row = held.clone();
            row.done = done;
            row.total = Ord::max(row.total, done);
            row.lease_until = engine.now().plus(LEASE).0;
            row.attempts = 1;
            save(engine, held, row, None).await?;
            told = Instant::now();
        }
    }
}

/// Items with all that was done to them.
pub(crate) async fn read(db: &impl ConnectionTrait, rows: &[item::Model]) -> Result<Vec<ExportItem>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut annotations = annotation::queries::of_items(db, &ids).await?;
    let void: Vec<Uuid> = rows.iter().filter(|row| row.state == ItemState::Void.code()).map(|row| row.id).collect();
    let mut reasons = void_reasons(db, void).await?;
    rows.iter()
        .map(|row| {
            let annotations = annotations.remove(&row.id).unwrap_or_default();
            let settled = row.value.as_deref().map(serde_json::from_str).transpose()?;
            // The last one of the same value is where it comes from.
            let from = settled.as_ref().and_then(|value| annotations.iter().rev().find(|made| made.value == *value));
            Ok(ExportItem {
                version: VERSION,
                key: row.key.clone(),
                data: ExportData::from(&items::data(row)?),
                meta: serde_json::from_str(&row.meta)?,
                state: items::state(row)?,
                void_reason: reasons.remove(&row.id),
                final_annotation: from.map(|made| made.id),
                settled,
                annotations: annotations.into_iter().map(ExportAnnotation::from).collect(),
            })
        })
        .collect()
}

/// Why items are void: the last such event of each.
async fn void_reasons(db: &impl ConnectionTrait, items: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
    let mut reasons = HashMap::new();
    if items.is_empty() {
        return Ok(reasons);
    }
    let rows: Vec<(Option<Uuid>, String)> = event::Entity::find()
        .select_only()
        .columns([event::Column::ItemId, event::Column::Data])
        .filter(event::Column::ItemId.is_in(items))
        .filter(event::Column::Kind.eq("item.voided"))
        .order_by_asc(event::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    for (item, data) in rows {
        let data: serde_json::Value = serde_json::from_str(&data)?;
        // Who skips it as unusable gives a code, and may give words.
        let said = |field: &str| data.get(field).and_then(|said| said.as_str()).map(str::to_owned);
        if let (Some(item), Some(reason)) = (item, said("comment").or_else(|| said("reason"))) {
            reasons.insert(item, reason);
        }
    }
    Ok(reasons)
}

/// What the writing thread is given.
struct Writing {
    folder: PathBuf,
    name: String,
    format: String,
    only: String,
    schema: Schema,
    project: project::Model,
    losses: Vec<(Words, u64)>,
}

impl Writing {
    fn write(&mut self, mut pages: mpsc::Receiver<Option<Vec<ExportItem>>>) -> Result<Written> {
        let under_way = self.folder.join(format!("{}.part", Uuid::now_v7()));
        let mut out = BufWriter::with_capacity(1 << 20, Summed::new(File::create(&under_way)?));
        let mut manifest = Manifest::new(&self.project.name, &self.format, &self.only);
        {
            let context = ExportContext {
                project: &self.project.name,
                modality: parse(&self.project.modality)?,
                schema: &self.schema,
                schema_version: u32::try_from(self.project.schema_version).unwrap_or_default(),
            };
            let folder = self.folder.clone();
            let spool = move || open_spool(&folder);
            let writer = formats::export::create(&self.format, &mut out, &context, &spool)?;
            let mut writer = writer.ok_or_else(|| anyhow::anyhow!("nothing writes the format {}", self.format))?;
            // Pages that end without saying so were not all: whoever sent them has stopped.
            while let Some(page) = pages.blocking_recv().ok_or_else(|| anyhow::anyhow!("the export was stopped"))? {
                for item in &page {
                    let lost = writer.write(item)?;
                    manifest.count(item, lost.len());
                    lost.iter().for_each(|loss| count_loss(&mut self.losses, loss));
                }
            }
            writer.finish()?;
        }
        let _ = std::fs::remove_file(self.folder.join(SPOOL));
        out.flush()?;
        let summed = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        let (file, sum) = summed.finish(self.name.clone());
        drop(file);
        store::settle(&under_way, &self.folder.join(DATA))?;
        manifest.add(sum.clone());
        Ok(Written { sum, manifest, losses: std::mem::take(&mut self.losses) })
    }
}

/// What some formats hold back until the end of the file.
const SPOOL: &str = "spool";

fn open_spool(folder: &Path) -> io::Result<Box<dyn Spool>> {
    let file = File::options().read(true).write(true).create(true).truncate(true).open(folder.join(SPOOL))?;
    Ok(Box::new(file))
}

fn count_loss(losses: &mut Vec<(Words, u64)>, loss: &Loss) {
    let words = loss.words();
    if let Some((_, n)) = losses.iter_mut().find(|(known, _)| *known == words) {
        *n += 1;
    } else if losses.len() < LOSSES {
        losses.push((words, 1));
    }
}

/// A name that every file system takes, made from the project's.
fn file_name(project: &str, format: &str, only: Only) -> String {
    let is_unsafe = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let name: String = project.chars().map(|c| if is_unsafe(c) { '-' } else { c }).take(NAME_MAX).collect();
    let name = name.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let name = if name.is_empty() { "export" } else { name };
    let only = match only {
        Only::All => "",
        Only::Accepted => "-accepted",
    };
    let format = formats::by_id(Kind::Export, format);
    let extension = format.and_then(|format| format.extensions.first()).copied().unwrap_or("dat");
    format!("{name}{only}.{extension}")
}

/// Takes the leases off these jobs, where they are exports under way.
pub(crate) async fn let_go(tx: &crate::db::Tx, held: &[Uuid]) -> Result<()> {
    export::Entity::update_many()
        .col_expr(export::Column::LeaseUntil, Expr::value(0_i64))
        .filter(export::Column::State.eq("running"))
        .filter(export::Column::Id.is_in(held.iter().copied()))
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
                export::Entity::update_many()
                    .col_expr(export::Column::LeaseUntil, Expr::value(0_i64))
                    .filter(export::Column::State.eq("running"))
                    .exec(tx)
                    .await?;
                Ok(())
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_say_what_is_in_them() {
        assert_eq!(file_name("微博/实体:2026", "jsonl", Only::All), "微博-实体-2026.jsonl");
        assert_eq!(file_name("Dogs", "coco", Only::Accepted), "Dogs-accepted.json");
        assert_eq!(file_name("..", "csv", Only::All), "export.csv");
    }
}
