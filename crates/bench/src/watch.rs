//! What processes have used, as Linux tells it: processor time, memory, and the size of a database.

use std::path::Path;

use anyhow::Context;
use cluster::Cluster;
use serde_json::{Value, json};

/// Linux counts processor time in hundredths of a second, whatever the machine.
const TICKS_A_SECOND: f64 = 100.0;

/// Seconds of processor time used so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Used {
    pub(crate) server: f64,
    pub(crate) database: f64,
    pub(crate) bench: f64,
}

impl Used {
    /// What was used since an earlier look.
    pub(crate) fn since(self, before: Used) -> Used {
        Used {
            server: self.server - before.server,
            database: self.database - before.database,
            bench: self.bench - before.bench,
        }
    }
}

/// Whom to watch.
#[derive(Debug)]
pub(crate) struct Watch<'a> {
    /// The server; none where the engine runs in this process.
    pub(crate) server: Option<u32>,
    pub(crate) cluster: Option<&'a Cluster>,
}

impl Watch<'_> {
    /// Processor time so far.
    pub(crate) fn used(&self) -> anyhow::Result<Used> {
        let database = match self.cluster {
            None => 0.0,
            Some(cluster) => {
                let postmaster = postmaster(cluster)?;
                let children = children(postmaster)?;
                let living: f64 = children.iter().filter_map(|id| processor(*id, false).ok()).sum();
                processor(postmaster, true)? + living
            }
        };
        Ok(Used {
            server: self.server.map_or(Ok(0.0), |id| processor(id, false))?,
            database,
            bench: processor(std::process::id(), false)?,
        })
    }

    /// What of the server's memory is its own, in MiB: without what it shares with files.
    pub(crate) fn own(&self) -> anyhow::Result<u64> {
        Ok(self.server.map_or(Ok(0), |id| status(id, "RssAnon:"))? / 1024)
    }

    /// Memory of the server, and what the database's processes have for themselves and share, in MiB.
    pub(crate) fn memory(&self) -> anyhow::Result<(u64, u64)> {
        let server = self.server.map_or(Ok(0), |id| status(id, "VmRSS:"))?;
        let mut database = 0;
        if let Some(cluster) = self.cluster {
            let postmaster = postmaster(cluster)?;
            let all: Vec<u32> = children(postmaster)?.into_iter().chain([postmaster]).collect();
            let own: u64 = all.iter().filter_map(|id| status(*id, "RssAnon:").ok()).sum();
            let shared = all.iter().filter_map(|id| status(*id, "RssShmem:").ok()).max();
            database = own + shared.unwrap_or_default();
        }
        Ok((server / 1024, database / 1024))
    }
}

/// The size of the database in MiB: its files, or what PostgreSQL says.
pub(crate) fn size(data: &Path, cluster: Option<&Cluster>) -> anyhow::Result<u64> {
    let bytes: u64 = match cluster {
        Some(cluster) => cluster.sql("postgres", "SELECT pg_database_size('postgres')")?.trim().parse()?,
        None => ["terrace.db", "terrace.db-wal"]
            .iter()
            .filter_map(|name| std::fs::metadata(data.join(name)).ok())
            .map(|file| file.len())
            .sum(),
    };
    Ok(bytes >> 20)
}

/// The machine, for the report.
pub(crate) fn machine() -> Value {
    let text = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = text("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let memory = text("/proc/meminfo");
    let memory = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")).unwrap_or_default();
    json!({
        "processors": std::thread::available_parallelism().map_or(0, usize::from),
        "model": model.trim_start_matches(['\t', ' ', ':']),
        "memory": memory.trim(),
        "kernel": text("/proc/sys/kernel/osrelease").trim(),
    })
}

fn postmaster(cluster: &Cluster) -> anyhow::Result<u32> {
    let file = std::fs::read_to_string(cluster.folder().join("data/postmaster.pid"))?;
    Ok(file.lines().next().context("an empty postmaster.pid")?.trim().parse()?)
}

/// Processes whose parent this is.
fn children(parent: u32) -> anyhow::Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let Ok(id) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
        if fields(id).ok().and_then(|fields| fields.get(1)?.parse::<u32>().ok()) == Some(parent) {
            found.push(id);
        }
    }
    Ok(found)
}

/// The fields of a process behind its name: state, parent, …
fn fields(id: u32) -> anyhow::Result<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    let (_, rest) = stat.rsplit_once(')').context("no name in stat")?;
    Ok(rest.split_whitespace().map(str::to_owned).collect())
}

/// Processor time of a process; with that of children that ended.
fn processor(id: u32, with_ended: bool) -> anyhow::Result<f64> {
    let fields = fields(id)?;
    // utime, stime, cutime, cstime are fields 14 to 17 of the line, counted from 1; the state is the third.
    let wanted = if with_ended { 11..15 } else { 11..13 };
    let ticks: u64 = fields.get(wanted).context("a short stat")?.iter().map(|n| n.parse::<u64>().unwrap_or(0)).sum();
    Ok(ticks as f64 / TICKS_A_SECOND)
}

/// A line of a process's status, in KiB.
fn status(id: u32, name: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name}"))?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_process_is_seen_to_be_busy() {
        let watch = Watch { server: Some(std::process::id()), cluster: None };
        let held = std::hint::black_box(vec![1_u8; 16 << 20]);
        let before = watch.used().unwrap();
        let begun = std::time::Instant::now();
        let mut sum = 0_u64;
        while begun.elapsed() < std::time::Duration::from_millis(2_000) {
            sum = std::hint::black_box(sum.wrapping_add(1));
            if watch.used().unwrap().since(before).server >= 0.05 {
                let used = watch.used().unwrap().since(before);
                assert!((used.server - used.bench).abs() < 0.1, "both are this process: {used:?}");
                let whole = watch.memory().unwrap().0;
                assert!((16..=whole).contains(&watch.own().unwrap()), "{whole}");
                drop(held);
                return;
            }
        }
        panic!("no processor time was seen in two seconds of work");
    }
}
