//! `terrace-bench chaos`: one thing after another is broken under load, and afterwards nothing may be lost.
//!
//! Each fault has servers of its own. People label in a closed loop and send again what was not answered, as the browser's
//! outbox does. Afterwards every acknowledged label must be stored, none twice, no item over its overlap, `terrace check`
//! clean, and everybody able to take and submit work. Seconds to normal service are counted from the moment that something
//! broke to the first second without a failed request that has half of the answers of an undisturbed one.

mod backup;
mod clock;
mod disk;
mod failover;
mod kill_database;
mod kill_node;
mod line;
mod migration;
mod network;
mod page;
mod proxy;
mod rolling;
mod scene;
mod site;
mod store;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use futures::future::LocalBoxFuture;

use crate::database::Database;
use crate::say;
use scene::{Plan, Report};

#[derive(Debug, Args)]
pub(crate) struct Chaos {
    /// The binary to start and break.
    #[arg(long, value_name = "BINARY")]
    terrace: PathBuf,
    /// An earlier version, for the upgrade.
    #[arg(long, value_name = "BINARY")]
    earlier: Option<PathBuf>,
    /// Only these, in this order; all when left out.
    #[arg(long, value_enum)]
    only: Vec<Fault>,
    /// A minute or two of the most important ones, each for a few seconds.
    #[arg(long)]
    short: bool,
    /// People at work.
    #[arg(long, default_value_t = 12)]
    people: u32,
    /// Items imported beforehand.
    #[arg(long, default_value_t = 30_000)]
    items: u32,
    /// Write a line of JSON for each fault into this file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Put data folders into this folder [default: the system's temporary one].
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// What is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fault {
    /// `kill -9` of the server on SQLite, fifty times.
    Node,
    /// The same on PostgreSQL.
    NodePostgres,
    /// `kill -9` of PostgreSQL, and a restart.
    Database,
    /// Three nodes behind HAProxy, restarted one after the other.
    Restart,
    /// The same from an earlier version (`--earlier`) to this one.
    Upgrade,
    /// The primary of PostgreSQL is gone, and its synchronous standby takes over.
    Failover,
    /// The disk is full during submits, an import and an export.
    Disk,
    /// The line between people and the server is slow, stands still, and breaks.
    Network,
    /// The object store is away for a minute.
    Store,
    /// `terrace backup` under load, and `terrace restore`.
    Backup,
    /// `pg_dump` under load, and `pg_restore`.
    Dump,
    /// Pages of the SQLite file are overwritten.
    Page,
    /// The server is killed while it makes the schema on SQLite.
    Migration,
    /// The same on PostgreSQL, half-way through a change; then two nodes start at once.
    MigrationPostgres,
    /// Clocks of three nodes are seconds apart, and one jumps.
    Clock,
}

impl Fault {
    /// Its name on the command line.
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Part of the short form.
    fn is_in_short(self) -> bool {
        use Fault::{Database, Failover, Network, Node, NodePostgres, Page};
        matches!(self, Node | NodePostgres | Database | Failover | Network | Page)
    }

    fn run(self, plan: &Plan) -> LocalBoxFuture<'_, anyhow::Result<Report>> {
        match self {
            Fault::Node => Box::pin(kill_node::run(plan, Database::Sqlite)),
            Fault::NodePostgres => Box::pin(kill_node::run(plan, Database::Postgres)),
            Fault::Database => Box::pin(kill_database::run(plan)),
            Fault::Restart => Box::pin(rolling::restart(plan)),
            Fault::Upgrade => Box::pin(rolling::upgrade(plan)),
            Fault::Failover => Box::pin(failover::run(plan)),
            Fault::Disk => Box::pin(disk::run(plan)),
            Fault::Network => Box::pin(network::run(plan)),
            Fault::Store => Box::pin(store::run(plan)),
            Fault::Backup => Box::pin(backup::sqlite(plan)),
            Fault::Dump => Box::pin(backup::postgres(plan)),
            Fault::Page => Box::pin(page::run(plan)),
            Fault::Migration => Box::pin(migration::sqlite(plan)),
            Fault::MigrationPostgres => Box::pin(migration::postgres(plan)),
            Fault::Clock => Box::pin(clock::run(plan)),
        }
    }
}

impl Chaos {
    /// Breaks one thing after the other; false when any of it lost something.
    pub(crate) async fn run(self) -> anyhow::Result<bool> {
        let items = if self.short { self.items.min(6_000) } else { self.items };
        let people = if self.short { self.people.min(8) } else { self.people };
        let (later, earlier) = (self.terrace.clone(), self.earlier);
        let plan =
            Plan { terrace: self.terrace, later, earlier, folder: self.folder, short: self.short, people, items };
        let faults: Vec<Fault> = match self.only.is_empty() {
            true => {
                Fault::value_variants().iter().copied().filter(|fault| !plan.short || fault.is_in_short()).collect()
            }
            false => self.only,
        };
        let (mut rows, mut lines, mut all_passed) = (Vec::new(), String::new(), true);
        for fault in faults {
            let name = fault.name();
            say(format!("{name}:"));
            let report = match fault.run(&plan).await {
                Ok(report) => report,
                // The others are run all the same.
                Err(error) => Report { wrong: vec![format!("{error:#}")], ..Report::default() },
            };
            for wrong in &report.wrong {
                say(format!("  WRONG: {wrong}"));
            }
            all_passed &= report.passed();
            lines.push_str(&format!("{}\n", report.json(&name)));
            rows.push(row(&name, &report));
            if let Some(path) = &self.json {
                tokio::fs::write(path, &lines).await?;
            }
        }
        say(format!(
            "\n{:<18} {:<8} {:>7} {:>7} {:>5} {:>6} {:>6} {:>10}  {}",
            "fault", "result", "labels", "failed", "lost", "stuck", "audit", "normal s", "seen"
        ));
        rows.iter().for_each(say);
        say(if all_passed { "passed" } else { "FAILED" });
        Ok(all_passed)
    }
}

/// A line of the table.
fn row(name: &str, report: &Report) -> String {
    if let Some(why) = &report.skipped {
        return format!("{name:<18} skipped  {why}");
    }
    let normal = match report.slowest() {
        Some((slowest, middle)) if report.seconds.len() > 1 => format!("{middle:.1}–{slowest:.1}"),
        Some((slowest, _)) => format!("{slowest:.1}"),
        None => "–".to_owned(),
    };
    format!(
        "{name:<18} {:<8} {:>7} {:>7} {:>5} {:>6} {:>6} {normal:>10}  {}",
        if report.passed() { "passed" } else { "FAILED" },
        report.labels,
        report.failed,
        report.lost,
        report.stuck,
        if report.clean { "clean" } else { "BROKEN" },
        report.notes.join("; ")
    )
}
