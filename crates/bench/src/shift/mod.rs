//! `terrace-bench shift`: a province at work. Thousands of signed-in people with tokens of their own, who do what the
//! workbench does at the times that people take, whether the server keeps up or not.

mod board;
mod line;
mod person;
mod plan;
mod review;
mod town;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use crate::api::Api;
use crate::database::Database;
use crate::process::{OPERATOR, Process};
use crate::proof::{Proof, prove};
use crate::say;
use crate::watch::{Used, Watch, machine, size};
use board::{Board, Counts, later};
use line::Line;
use person::{Person, Scene};
use plan::Shape;
pub(crate) use plan::{Kind, TEXT};
use review::Reviewer;
pub(crate) use town::{PASSWORD, content, firms, people, project};

/// What is still on its way when the time is over may take so long.
const GRACE: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub(crate) struct Shift {
    /// Start this binary over a folder of its own and drive that.
    #[arg(long, value_name = "BINARY")]
    terrace: PathBuf,
    /// The database under it.
    #[arg(long, value_enum, default_value_t)]
    database: Database,
    /// Annotators.
    #[arg(long, default_value_t = 20_000)]
    people: u32,
    /// Connections that they come over, in turn; as behind a proxy that keeps its connections.
    #[arg(long, default_value_t = 5_000)]
    connections: u32,
    /// Projects; a third each of one choice (two annotations an item), five spans, ten boxes.
    #[arg(long, default_value_t = 30)]
    projects: u32,
    /// Items in all projects together.
    #[arg(long, default_value_t = 1_000_000)]
    items: u64,
    /// Within how many seconds people arrive.
    #[arg(long, default_value_t = 60)]
    ramp: u64,
    /// How they arrive.
    #[arg(long, value_enum, default_value_t)]
    shape: Shape,
    /// Seconds measured after the ramp.
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    /// How much faster than usual everybody works: at 1 a person makes a label in 20 s.
    #[arg(long, default_value_t = 1.0)]
    pace: f64,
    /// One of so many items is skipped; 0 for none.
    #[arg(long, default_value_t = 50)]
    skip_one_in: u32,
    /// Everything that is drawn is drawn from this.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// Write the figures to this file as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Put the server's data folder into this folder [default: the system's temporary one].
    #[arg(long)]
    folder: Option<PathBuf>,
}

impl Shift {
    /// Runs it; false when a check failed.
    pub(crate) async fn run(self) -> anyhow::Result<bool> {
        let begun = Instant::now();
        let mut process = Process::prepare(&self.terrace, self.folder.as_deref(), self.database).await?;
        let engine = process.engine().await?;
        let town = town::fill(&engine, &self).await?;
        engine.close().await;
        drop(engine);
        if let Some(cluster) = process.cluster() {
            // What a database that grew over weeks has long had.
            cluster.sql("postgres", "VACUUM (ANALYZE)")?;
        }
        process.resume().await?;
        let filled = begun.elapsed().as_secs_f64();
        say(format!(
            "{} people in {} projects with {} items at {} after {filled:.0} s",
            self.people,
            self.projects,
            self.items,
            process.base()
        ));

        let watch = Watch { server: process.id(), cluster: process.cluster() };
        let measured = self.measure(&process, &watch, &town).await?;
        let size_mib = size(&process.data(), process.cluster())?;
        let (ramp, due, sent, refusals, counts) = Arc::try_unwrap(measured.scene)
            .map_err(|_still_held| anyhow::anyhow!("somebody still works"))?
            .board
            .sum()?;
        let seconds = measured.seconds;
        say(format!("\nWhile people arrive ({} s):", self.ramp));
        say(ramp.table(self.ramp.max(1) as f64));
        say(format!("Then, from the planned moment of each request ({seconds:.0} s):"));
        say(due.table(seconds));
        say("The same from the sending of each request:");
        say(sent.table(seconds));
        let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        let (labels, used) = (count(&counts.labels), measured.used);
        say(format!(
            "{labels} labels ({:.1} a second) of {} that were due (with skips); {} never sent; {} skips; {} reworks; \
             {} times nothing in hand; {} requests repeated; {} batches, {} verdicts; {} errors",
            labels as f64 / seconds,
            count(&counts.planned),
            count(&counts.unsent),
            count(&counts.skips),
            count(&counts.reworks),
            count(&counts.idle),
            count(&counts.repeated),
            count(&counts.batches),
            count(&counts.verdicts),
            due.errors() + ramp.errors(),
        ));
        say(format!(
            "processors used: server {:.2}, database {:.2}, this bench {:.2}; memory at most: server {} MiB, database {} MiB; \
             database {size_mib} MiB",
            used.server / seconds,
            used.database / seconds,
            used.bench / seconds,
            measured.memory.0,
            measured.memory.1,
        ));
        for refusal in &refusals {
            say(refusal);
        }

        let (proof, lost) = audit(&process, &town).await?;
        say(proof.sentence());
        process.stop().await?;
        let checked = Instant::now();
        let (clean, said) = process.check().await?;
        say(said.trim_end());
        say(format!("terrace check took {:.0} s", checked.elapsed().as_secs_f64()));
        let errors = due.errors() + ramp.errors();
        let holds = clean && proof.holds() && lost == 0 && errors == 0 && count(&counts.unsent) == 0;
        if let Some(path) = &self.json {
            let report = json!({
                "machine": machine(), "database": format!("{:?}", self.database).to_lowercase(), "people": self.people,
                "connections": self.connections, "projects": self.projects, "items": self.items, "ramp_seconds": self.ramp,
                "shape": format!("{:?}", self.shape).to_lowercase(), "seconds": seconds, "pace": self.pace, "seed": self.seed,
                "fill_seconds": filled, "labels": labels, "labels_a_second": labels as f64 / seconds,
                "counts": told(&counts), "ramp": ramp.json(), "operations": due.json(), "from_sending": sent.json(),
                "processors": { "server": used.server / seconds, "database": used.database / seconds,
                                "bench": used.bench / seconds },
                "memory_mib": { "server": measured.memory.0, "database": measured.memory.1 }, "database_mib": size_mib,
                "refusals": refusals, "proof": proof.json(), "audit": clean, "passed": holds,
            });
            tokio::fs::write(path, serde_json::to_vec_pretty(&report)?).await?;
        }
        say(if holds { "passed" } else { "FAILED" });
        Ok(holds)
    }

    /// Lets everybody work, and watches.
    async fn measure(&self, process: &Process, watch: &Watch<'_>, town: &town::Town) -> anyhow::Result<Measured> {
        let addr = process.addr()?;
        let lines: Vec<Arc<Line>> = (0..self.connections.max(1)).map(|_| Arc::new(Line::to(addr))).collect();
        let begin = Instant::now() + Duration::from_secs(1);
        let (ramp, length) = (Duration::from_secs(self.ramp), Duration::from_secs(self.seconds));
        let steady = later(begin, ramp);
        let end = later(steady, length);
        let scene = Arc::new(Scene {
            board: Board::new(steady),
            end,
            stop: later(end, GRACE),
            pace: self.pace,
            skip_one_in: self.skip_one_in,
        });
        let line = |n: usize| lines.get(n % lines.len()).cloned().context("no connection");
        let mut tasks = tokio::task::JoinSet::new();
        for (number, account) in town.annotators.iter().enumerate() {
            let mut rng = StdRng::seed_from_u64(self.seed.wrapping_add(number as u64));
            let arrival = later(begin, self.shape.arrival(&mut rng, ramp));
            let project = town.projects.get(number % town.projects.len()).cloned().context("no project")?;
            let (token, line, scene) = (account.token.clone(), line(number)?, Arc::clone(&scene));
            tasks.spawn(Person { number, token, line, project, rng, scene }.work(arrival));
        }
        for (n, account) in town.reviewers.iter().enumerate() {
            let number = town.annotators.len() + n;
            let rng = StdRng::seed_from_u64(self.seed.wrapping_add(number as u64));
            let project = town.projects.get(n).cloned().context("no project")?;
            let (token, line, scene) = (account.token.clone(), Arc::new(Line::to(addr)), Arc::clone(&scene));
            tasks.spawn(Reviewer { number, token, line, project, rng, scene }.work());
        }
        tokio::time::sleep_until(steady.into()).await;
        let before = watch.used()?;
        let mut memory = (0, 0);
        let mut after = before;
        let mut last = (steady, before);
        while Instant::now() < end {
            tokio::time::sleep(Duration::from_secs(5)).await;
            let now = watch.memory()?;
            memory = (memory.0.max(now.0), memory.1.max(now.1));
            after = watch.used()?;
            if last.0.elapsed() >= Duration::from_secs(60) {
                let (used, seconds) = (after.since(last.1), last.0.elapsed().as_secs_f64());
                say(format!(
                    "after {:>4.0} s: {} labels; processors: server {:.2}, database {:.2}, bench {:.2}",
                    steady.elapsed().as_secs_f64(),
                    scene.board.counts.labels.load(Ordering::Relaxed),
                    used.server / seconds,
                    used.database / seconds,
                    used.bench / seconds
                ));
                last = (Instant::now(), after);
            }
        }
        let seconds = steady.elapsed().as_secs_f64();
        while let Some(worked) = tasks.join_next().await {
            worked??;
        }
        Ok(Measured { scene, used: after.since(before), memory, seconds: seconds.min(length.as_secs_f64() + 5.0) })
    }
}

/// What watching gave.
#[derive(Debug)]
struct Measured {
    scene: Arc<Scene>,
    used: Used,
    memory: (u64, u64),
    seconds: f64,
}

fn told(counts: &Counts) -> Value {
    let of = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    json!({
        "planned": of(&counts.planned), "unsent": of(&counts.unsent), "skips": of(&counts.skips),
        "reworks": of(&counts.reworks), "idle": of(&counts.idle), "repeated": of(&counts.repeated),
        "batches": of(&counts.batches), "verdicts": of(&counts.verdicts),
    })
}

/// Exports every project and compares with what was acknowledged. Also gives how many annotations nobody was told of, beyond
/// requests that never came back.
async fn audit(process: &Process, town: &town::Town) -> anyhow::Result<(Proof, u64)> {
    let operator = Api::new(&process.base())?.sign_in(OPERATOR.0, OPERATOR.1).await?;
    let mut sum = Proof::default();
    for project in &town.projects {
        let acknowledged = project.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let told = acknowledged.len();
        let acknowledged: HashSet<String> = acknowledged.into_iter().collect();
        anyhow::ensure!(acknowledged.len() == told, "one annotation was acknowledged twice");
        let proof = prove(&operator, &project.id, u64::from(project.kind.overlap()), &acknowledged).await?;
        sum.add(&proof);
    }
    let lost = sum.missing + sum.unacknowledged;
    Ok((sum, lost))
}
