//! `terrace-bench flat` and `count`: what a claim with its submit, and the screens, cost as a project grows. The engine runs in
//! this process; there is no HTTP in between.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use domain::id::ProjectId;
use domain::item::ItemQuery;
use domain::project::{MemberQuery, ProjectRole};
use domain::stats::{GroupBy, StatsQuery};
use domain::time::Millis;
use engine::testing::bulk;
use engine::{Clock, Config, Ctx, Engine};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use crate::database::Database;
use crate::figures::Figures;
use crate::say;
use crate::shift::{Kind, content, firms, people, project};
use crate::watch::{Watch, machine, size};

/// Who does the deeds, in turn.
const HANDS: usize = 100;
/// Projects besides the large one.
const OTHERS: usize = 29;
/// Days of figures behind everybody.
const DAYS: i32 = 30;
/// 2026-11-23 09:00 in China.
const MORNING: Millis = Millis(1_795_395_600_000);

fn said(error: engine::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:?}")
}

#[derive(Debug, Args)]
pub(crate) struct Flat {
    /// The database.
    #[arg(long, value_enum, default_value_t)]
    database: Database,
    /// Items of the large project, growing.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 1_000_000])]
    items: Vec<u64>,
    /// People, all of them members of the large project.
    #[arg(long, default_value_t = 20_000)]
    people: u32,
    /// Claims with their submits at each size.
    #[arg(long, default_value_t = 2_000)]
    deeds: u32,
    /// How often each screen is read at each size.
    #[arg(long, default_value_t = 40)]
    reads: u32,
    /// Write the figures to this file as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Put the data folder into this folder [default: the system's temporary one].
    #[arg(long)]
    folder: Option<PathBuf>,
}

impl Flat {
    /// Runs it; false when a claim found nothing.
    pub(crate) async fn run(self) -> anyhow::Result<bool> {
        let cluster = self.database.start().await?;
        let folder = match &self.folder {
            Some(folder) => tempfile::tempdir_in(folder)?,
            None => tempfile::tempdir()?,
        };
        let mut config = Config::new(folder.path());
        config.database_url = cluster.as_ref().map(|cluster| cluster.url("postgres"));
        let engine = Engine::open(config).await.map_err(said)?;
        let boss = bulk::operator(&engine, "boss").await.map_err(said)?;
        let town = Town::fill(&engine, &boss, self.people).await?;
        let mut sizes = Vec::new();
        let mut has = 0;
        for items in self.items.iter().copied() {
            let begun = Instant::now();
            bulk::items(&engine, town.project, content(Kind::Boxes), items.saturating_sub(has)).await.map_err(said)?;
            let (added, filling) = (items.saturating_sub(has), begun.elapsed());
            has = items;
            if let Some(cluster) = &cluster {
                cluster.sql("postgres", "VACUUM (ANALYZE)")?;
                cluster.sql("postgres", "CHECKPOINT")?;
            }
            // Connections, caches and plans of the first.
            town.deeds(&mut Figures::default(), 200).await?;
            let watch = Watch { server: None, cluster: cluster.as_ref() };
            let (mut deeds, mut screens) = (Figures::default(), Figures::default());
            let (before, begun) = (watch.used()?, Instant::now());
            town.deeds(&mut deeds, self.deeds).await?;
            let (used, taken) = (watch.used()?.since(before), begun.elapsed());
            let each = 1_000.0 * (used.bench + used.database) / f64::from(self.deeds.max(1));
            town.screens(&boss, &mut screens, self.reads).await?;
            let mib = size(folder.path(), cluster.as_ref())?;
            say(format!(
                "{items} items ({added} added in {:.0} s, database {mib} MiB): {each:.3} ms of processor for a claim and its \
                 submit, one after the other {:.3} ms",
                filling.as_secs_f64(),
                1_000.0 * taken.as_secs_f64() / f64::from(self.deeds.max(1)),
            ));
            say(deeds.table(taken.as_secs_f64()));
            say(screens.table(taken.as_secs_f64()));
            sizes.push(json!({
                "items": items, "processor_ms": each, "deeds": deeds.json(), "screens": screens.json(),
                "database_mib": mib, "fill_seconds": filling.as_secs_f64(),
            }));
        }
        let of = |size: &Value| size.get("processor_ms").and_then(Value::as_f64).unwrap_or_default();
        if let (Some(first), Some(last)) = (sizes.first(), sizes.last()) {
            say(format!("the last against the first: {:.2} ×", of(last) / of(first)));
        }
        engine.close().await;
        if let Some(path) = &self.json {
            let report = json!({
                "machine": machine(), "database": format!("{:?}", self.database).to_lowercase(), "people": self.people,
                "deeds": self.deeds, "sizes": sizes,
            });
            tokio::fs::write(path, serde_json::to_vec_pretty(&report)?).await?;
        }
        Ok(true)
    }
}

/// One large project among others.
struct Town {
    project: ProjectId,
    hands: Vec<Ctx>,
    value: domain::annotation::AnnotationValue,
}

impl Town {
    async fn fill(engine: &Engine, boss: &Ctx, count: u32) -> anyhow::Result<Self> {
        let firms = firms(boss).await?;
        let accounts = people(engine, &firms, count, 1).await?;
        let everybody: Vec<_> = accounts.iter().map(|account| account.id).collect();
        let large = project(boss, "Large".to_owned(), Kind::Boxes).await?;
        bulk::members(engine, large, ProjectRole::Annotator, everybody.clone()).await.map_err(said)?;
        bulk::figures(engine, large, DAYS).await.map_err(said)?;
        for n in 0..OTHERS {
            let id = project(boss, format!("Project {n:03}"), Kind::of(n)).await?;
            let some = everybody.iter().copied().skip(n).step_by(OTHERS).collect();
            bulk::members(engine, id, ProjectRole::Annotator, some).await.map_err(said)?;
            bulk::items(engine, id, content(Kind::of(n)), 1_000).await.map_err(said)?;
        }
        Self::of(engine, large, &everybody).await
    }

    async fn of(engine: &Engine, project: ProjectId, everybody: &[domain::id::PersonId]) -> anyhow::Result<Self> {
        let mut hands = Vec::with_capacity(HANDS);
        for id in everybody.iter().copied().take(HANDS) {
            let actor = engine::account::actor_by_id(engine, id).await.map_err(said)?;
            hands.push(engine.ctx(actor.ok_or_else(|| anyhow::anyhow!("no account {id:?}"))?));
        }
        let value = Kind::Boxes.value(&mut StdRng::seed_from_u64(1), "", 1.0);
        let value = value.as_object().cloned().unwrap_or_default();
        Ok(Self { project, hands, value })
    }

    /// Claims and submits, one after the other.
    async fn deeds(&self, figures: &mut Figures, count: u32) -> anyhow::Result<()> {
        for hand in self.hands.iter().cycle().take(count as usize) {
            let begun = Instant::now();
            let taken = engine::claim::take(hand, self.project, 1).await.map_err(said)?;
            figures.add("claim", begun.elapsed(), true)?;
            let claim = taken.claims.first().ok_or_else(|| anyhow::anyhow!("nothing to claim"))?.id;
            let submit = domain::claim::Submit { value: self.value.clone(), active_ms: 20_000, schema_version: 1 };
            let begun = Instant::now();
            let key = Some(format!("{claim:?}"));
            engine::claim::submit(hand, claim, submit, key).await.map_err(said)?;
            figures.add("submit", begun.elapsed(), true)?;
        }
        Ok(())
    }

    /// Reads what people and operators look at.
    async fn screens(&self, boss: &Ctx, figures: &mut Figures, reads: u32) -> anyhow::Result<()> {
        let now = boss.now().day();
        for hand in self.hands.iter().cycle().take(reads as usize) {
            let mut noted = |name, begun: Instant| figures.add(name, begun.elapsed(), true);
            let query = |by, project| StatsQuery { by, project, from: Some(now.plus(-6)), ..StatsQuery::default() };
            let begun = Instant::now();
            engine::project::list(boss).await.map_err(said)?;
            noted("projects", begun)?;
            let begun = Instant::now();
            engine::claim::home(hand).await.map_err(said)?;
            noted("home", begun)?;
            let begun = Instant::now();
            engine::claim::workplace(hand, self.project).await.map_err(said)?;
            noted("workplace", begun)?;
            let begun = Instant::now();
            engine::stats::mine(hand, None, None).await.map_err(said)?;
            noted("own stats", begun)?;
            let begun = Instant::now();
            engine::item::list(boss, self.project, ItemQuery::default()).await.map_err(said)?;
            noted("items", begun)?;
            let begun = Instant::now();
            engine::stats::wall(boss).await.map_err(said)?;
            noted("wall", begun)?;
            let begun = Instant::now();
            engine::stats::table(boss, query(GroupBy::Organization, None)).await.map_err(said)?;
            noted("firms", begun)?;
            let begun = Instant::now();
            engine::stats::table(boss, query(GroupBy::Person, Some(self.project))).await.map_err(said)?;
            noted("people", begun)?;
            let begun = Instant::now();
            let days = StatsQuery { project: Some(self.project), by: GroupBy::Day, ..StatsQuery::default() };
            engine::stats::table(boss, days).await.map_err(said)?;
            noted("overview", begun)?;
            let begun = Instant::now();
            engine::project::members(boss, self.project, MemberQuery::default()).await.map_err(said)?;
            noted("members", begun)?;
        }
        Ok(())
    }
}

#[derive(Debug, Args)]
pub(crate) struct Count {
    /// A data folder with SQLite inside; filled when it is empty.
    #[arg(long)]
    folder: PathBuf,
    /// Items that it is filled with.
    #[arg(long, default_value_t = 10_000)]
    items: u64,
    /// Claims with their submits.
    #[arg(long, default_value_t = 0)]
    deeds: u32,
}

impl Count {
    /// Does so many deeds with everything that could differ between two runs held still: the clock stands, there is one
    /// thread besides the database's, and nothing is waited for. What a run costs is for `valgrind` to count.
    pub(crate) async fn run(self) -> anyhow::Result<bool> {
        let is_new = !self.folder.join("terrace.db").exists();
        let mut config = Config::new(&self.folder);
        config.clock = Clock::at(MORNING);
        config.durability = engine::Durability::Process;
        let engine = Engine::open(config).await.map_err(said)?;
        let boss = bulk::operator(&engine, "boss").await.map_err(said)?;
        if is_new {
            let everybody = people(&engine, &[], 200, 1).await?;
            let large = project(&boss, "Large".to_owned(), Kind::Boxes).await?;
            let everybody = everybody.iter().map(|account| account.id).collect();
            bulk::members(&engine, large, ProjectRole::Annotator, everybody).await.map_err(said)?;
            bulk::items(&engine, large, content(Kind::Boxes), self.items).await.map_err(said)?;
        }
        if self.deeds > 0 {
            let large = engine::project::list(&boss).await.map_err(said)?;
            let large = large.first().ok_or_else(|| anyhow::anyhow!("no project"))?.id;
            let query = MemberQuery { role: Some(ProjectRole::Annotator), limit: Some(500), ..MemberQuery::default() };
            let members = engine::project::members(&boss, large, query).await.map_err(said)?.rows;
            let everybody: Vec<_> = members.iter().map(|member| member.person).collect();
            let town = Town::of(&engine, large, &everybody).await?;
            town.deeds(&mut Figures::default(), self.deeds).await?;
        }
        engine.close().await;
        Ok(true)
    }
}
