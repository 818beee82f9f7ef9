//! `terrace doctor`: what an operator needs to know; exit 1 when something wants attention.

use std::process::ExitCode;

use engine::doctor::size;

use super::{open, say, sentence};
use crate::config::{Metrics, Settings};
use crate::connections::{Places, open_files};

/// Less free space than this wants attention.
const SPACE: i64 = 2 << 30;

pub(super) async fn run(settings: &Settings) -> Result<ExitCode, String> {
    say(format!("  terrace {} on {}", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH));
    let mut bad = machine(settings) + watched(settings).await;
    let engine = open(settings).await?;
    let found = engine::doctor::look(&engine).await;
    engine.close().await;
    for finding in found.map_err(sentence)? {
        bad += line(!finding.is_bad, &finding.text);
    }
    if bad == 0 {
        say("Nothing wants attention.");
        return Ok(ExitCode::SUCCESS);
    }
    say(format!("{bad} of these want attention: the lines with !."));
    Ok(ExitCode::FAILURE)
}

fn line(is_good: bool, text: &str) -> u32 {
    say(format!("{} {text}", if is_good { " " } else { "!" }));
    u32::from(!is_good)
}

fn machine(settings: &Settings) -> u32 {
    let mut bad = 0;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    line(true, &format!("machine: {processors} processors, {}", memory().map_or("memory unknown".to_owned(), size)));
    match free_space(&settings.data) {
        Some(free) => {
            let text = format!("data folder: {}, {} free", settings.data.display(), size(free));
            bad += line(free >= SPACE, &if free >= SPACE { text } else { format!("{text}: make room") });
        }
        None => bad += line(true, &format!("data folder: {}", settings.data.display())),
    }
    let Places { all, each } = settings.places;
    let files = open_files();
    let enough = files.is_none_or(|files| files > all + 256);
    let text = format!(
        "connections: {all}, {each} from one address; open files: {}",
        files.map_or("unknown".to_owned(), |files| files.to_string())
    );
    bad += line(enough, &if enough { text } else { format!("{text}: raise the limit (LimitNOFILE of the unit)") });
    let reached = match (&settings.public_url, settings.is_secure()) {
        (Some(url), true) => format!("{}, TLS at the proxy", url.origin()),
        (Some(url), false) => format!("{}, without TLS", url.origin()),
        (None, _) => format!("http://{}, without TLS", settings.addr),
    };
    line(true, &format!("reached at: {reached}; trusted proxies: {}", settings.trusted_proxies.len()));
    bad
}

/// Who is told what goes on.
async fn watched(settings: &Settings) -> u32 {
    let readers = match settings.metrics {
        Metrics::Local => "callers on this machine",
        Metrics::Open => "everybody who reaches this node",
        Metrics::Off => "nobody",
    };
    line(true, &format!("/metrics: for {readers}"));
    let Some(collector) = &settings.traces else { return line(true, "traces: none") };
    let is_there = collector.is_there().await;
    let text = format!("traces: {}", collector.said());
    line(is_there, &if is_there { text } else { format!("{text}: nothing is there, they are lost") })
}

fn memory() -> Option<i64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let kib: i64 = text.lines().find(|line| line.starts_with("MemTotal:"))?.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1_024)
}

/// What `df` says: the standard library has no word for it.
fn free_space(folder: &std::path::Path) -> Option<i64> {
    let there = folder.ancestors().find(|folder| folder.exists())?;
    let there = if there.as_os_str().is_empty() { std::path::Path::new(".") } else { there };
    let said = std::process::Command::new("df").arg("-Pk").arg(there).output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    let kib: i64 = said.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib * 1_024)
}
