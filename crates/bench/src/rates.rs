//! `terrace-bench rates`: how fast items come in by a file and go out into one, through the public API, and how much memory the
//! server takes for it.
//!
//! Three ways: plain JSONL in; all of that out; and, unless only that is asked for, items that have an annotation each out and in
//! again, in the format that loses nothing. What comes out is counted line by line.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use domain::id::ProjectId;
use engine::testing::bulk;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use crate::api::{Api, text};
use crate::database::Database;
use crate::process::{OPERATOR, Process};
use crate::say;
use crate::shift::{Kind, TEXT, content, firms, people, project};
use crate::watch::{Watch, machine, size};

/// How often a job and the memory of the server are looked at.
const LOOK: Duration = Duration::from_millis(100);
/// The longest that one request may take: an upload of a gigabyte on a busy disk.
const PATIENCE: Duration = Duration::from_secs(3_600);

#[derive(Debug, Args)]
pub(crate) struct Rates {
    /// Start this binary over a folder of its own and drive that.
    #[arg(long, value_name = "BINARY")]
    terrace: PathBuf,
    /// The database under it.
    #[arg(long, value_enum, default_value_t)]
    database: Database,
    /// Items of each file.
    #[arg(long, default_value_t = 1_000_000)]
    items: u64,
    /// Only plain JSONL in and out: no items with annotations.
    #[arg(long)]
    plain: bool,
    /// Write the figures to this file as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Put the server's data folder into this folder [default: the system's temporary one].
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// What one way took.
#[derive(Debug, Clone, Copy)]
struct Way {
    name: &'static str,
    bytes: u64,
    /// Until the file had been sent, or had been fetched: the line between bench and server, and the disk behind it.
    carried: Duration,
    /// From the asking to the end of the job.
    worked: Duration,
    memory: Memory,
}

/// The most memory that the server had, in MiB.
#[derive(Debug, Clone, Copy, Default)]
struct Memory {
    /// All that is mapped and present.
    whole: u64,
    /// Of it, what is its own. The rest is its binary and the pages of SQLite's file that it looks at without copying them,
    /// which the system takes back when it needs them.
    own: u64,
}

impl Memory {
    fn look(&mut self, watch: &Watch<'_>) -> anyhow::Result<()> {
        self.whole = self.whole.max(watch.memory()?.0);
        self.own = self.own.max(watch.own()?);
        Ok(())
    }
}

impl Rates {
    /// Runs it; false when something came out that did not go in.
    pub(crate) async fn run(self) -> anyhow::Result<bool> {
        let said = |error: engine::Error| anyhow::anyhow!("{error:?}");
        let mut process = Process::prepare(&self.terrace, self.folder.as_deref(), self.database).await?;
        let engine = process.engine().await?;
        let boss = bulk::operator(&engine, OPERATOR.0).await.map_err(said)?;
        let [plain, labeled, again] = [
            project(&boss, "Plain".to_owned(), Kind::Spans).await?,
            project(&boss, "Labeled".to_owned(), Kind::Spans).await?,
            project(&boss, "Again".to_owned(), Kind::Spans).await?,
        ];
        let firms = firms(&boss).await?;
        let author = people(&engine, &firms, 1, 1).await?.first().context("no author")?.id;
        if !self.plain {
            bulk::items(&engine, labeled, content(Kind::Spans), self.items).await.map_err(said)?;
            let value = Kind::Spans.value(&mut StdRng::seed_from_u64(1), TEXT, 1.0);
            bulk::labels(&engine, labeled, author, &value.to_string()).await.map_err(said)?;
        }
        engine.close().await;
        drop((engine, boss));
        if let Some(cluster) = process.cluster() {
            cluster.sql("postgres", "VACUUM (ANALYZE)")?;
            cluster.sql("postgres", "CHECKPOINT")?;
        }
        process.resume().await?;
        let line = Line {
            api: Api::patient(&process.base(), PATIENCE)?.sign_in(OPERATOR.0, OPERATOR.1).await?,
            process: &process,
        };
        let mut idle = Memory::default();
        idle.look(&line.watch())?;

        let mut ways = Vec::new();
        let records = (0..self.items).map(|n| format!("{{\"id\":\"k{n:09}\",\"text\":\"第{n}条：{TEXT}\"}}\n"));
        ways.push(line.import("import", plain, "jsonl", records.collect::<String>().into(), self.items).await?);
        ways.push(line.export("export", plain, self.items).await?.0);
        if !self.plain {
            let (way, file) = line.export("export, labeled", labeled, self.items).await?;
            ways.push(way);
            ways.push(line.import("import, labeled", again, "native", file, self.items).await?);
            let (way, file) = line.export("export, again", again, self.items).await?;
            let annotations = file.windows(ANNOTATED.len()).filter(|window| *window == ANNOTATED).count() as u64;
            if annotations != self.items {
                bail!("{annotations} of {} annotations came out again", self.items);
            }
            ways.push(way);
        }

        let items = self.items as f64;
        say(format!("{} items a file, {}; the server idle: {} MiB", self.items, machine(), idle.whole));
        say(format!(
            "{:<16} {:>9} {:>10} {:>10} {:>12} {:>12} {:>10} {:>10}",
            "", "MiB", "carried s", "worked s", "items/s", "all, items/s", "server MiB", "own MiB"
        ));
        let mut figures = Vec::new();
        for way in &ways {
            let (carried, worked) = (way.carried.as_secs_f64(), way.worked.as_secs_f64());
            let (rate, whole) = (items / worked, items / (carried + worked));
            say(format!(
                "{:<16} {:>9} {carried:>10.2} {worked:>10.2} {rate:>12.0} {whole:>12.0} {:>10} {:>10}",
                way.name,
                way.bytes >> 20,
                way.memory.whole,
                way.memory.own
            ));
            figures.push(json!({
                "name": way.name, "bytes": way.bytes, "carried_seconds": carried, "worked_seconds": worked,
                "items_per_second": rate, "memory_mib": way.memory.whole, "own_mib": way.memory.own,
            }));
        }
        let mib = size(&process.data(), process.cluster())?;
        say(format!("database {mib} MiB"));
        process.stop().await?;
        if let Some(path) = &self.json {
            let report: Value = json!({
                "machine": machine(), "database": format!("{:?}", self.database).to_lowercase(), "items": self.items,
                "idle_mib": idle.whole, "database_mib": mib, "ways": figures,
            });
            tokio::fs::write(path, serde_json::to_vec_pretty(&report)?).await?;
        }
        Ok(true)
    }
}

/// How the author of an annotation is told in a file.
const ANNOTATED: &[u8] = b"\"person-00000\"";

/// The operator's line to the server.
struct Line<'a> {
    api: Api,
    process: &'a Process,
}

impl Line<'_> {
    fn watch(&self) -> Watch<'_> {
        Watch { server: self.process.id(), cluster: self.process.cluster() }
    }

    async fn import(
        &self,
        name: &'static str,
        project: ProjectId,
        format: &str,
        file: Vec<u8>,
        items: u64,
    ) -> anyhow::Result<Way> {
        let bytes = file.len() as u64;
        let path = format!("/projects/{}/imports?format={format}&name=items.jsonl", project.0);
        let begun = Instant::now();
        let mut most = Memory::default();
        let sending = self.api.upload(&path, file);
        let queued = self.watched(&mut most, sending).await?.success()?;
        let (carried, begun) = (begun.elapsed(), Instant::now());
        let import = self.ended(&mut most, &format!("/imports/{}", text(&queued, "id")?)).await?;
        let worked = begun.elapsed();
        let added = import.get("added").and_then(Value::as_u64);
        if added != Some(items) {
            bail!("of {items} items {added:?} were added: {import}");
        }
        Ok(Way { name, bytes, carried, worked, memory: most })
    }

    async fn export(&self, name: &'static str, project: ProjectId, items: u64) -> anyhow::Result<(Way, Vec<u8>)> {
        let begun = Instant::now();
        let mut most = Memory::default();
        let path = format!("/projects/{}/exports", project.0);
        let asked = self.api.post(&path, &json!({ "format": "jsonl" })).await?.success()?;
        let path = format!("/exports/{}", text(&asked, "id")?);
        self.ended(&mut most, &path).await?;
        let (worked, begun) = (begun.elapsed(), Instant::now());
        let fetching = async { Ok(self.api.file(&format!("{path}/file")).await?.bytes().await?) };
        let file = self.watched(&mut most, fetching).await?;
        let carried = begun.elapsed();
        let lines = file.iter().filter(|byte| **byte == b'\n').count() as u64;
        if lines < items {
            bail!("{lines} lines came out, {items} items went in");
        }
        Ok((Way { name, bytes: file.len() as u64, carried, worked, memory: most }, file.into()))
    }

    /// Looks at the server's memory while something goes on.
    async fn watched<T>(&self, most: &mut Memory, deed: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
        tokio::pin!(deed);
        loop {
            tokio::select! {
                done = &mut deed => return done,
                () = tokio::time::sleep(LOOK) => most.look(&self.watch())?,
            }
        }
    }

    /// The job when it has ended well.
    async fn ended(&self, most: &mut Memory, path: &str) -> anyhow::Result<Value> {
        loop {
            let job = self.api.get(path).await?.success()?;
            most.look(&self.watch())?;
            match text(&job, "state")? {
                "done" => return Ok(job),
                "failed" => bail!("{path} failed: {job}"),
                _ => tokio::time::sleep(LOOK).await,
            }
        }
    }
}
