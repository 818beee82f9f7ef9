//! The disk under SQLite and the files is full during submits, an import and an export; then there is space again.
//!
//! The disk is a small one in memory, which only root may mount.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::json;
use tokio::process::Command;

use super::scene::{Crowd, Plan, Report, checked};
use crate::api::{Api, text};
use crate::database::Database;
use crate::process::Process;

/// The size of the disk.
const MIB: u64 = 192;
/// Records of the import that meets a full disk.
const RECORDS: usize = 20_000;

pub(super) async fn run(plan: &Plan) -> anyhow::Result<Report> {
    let disk = match Disk::mount().await {
        Ok(disk) => disk,
        Err(why) => return Ok(Report::skipped(format!("no disk of a given size: {why:#}"))),
    };
    let plan = Plan { items: plan.items.min(10_000), folder: Some(disk.folder().to_owned()), ..plan.clone() };
    let mut process = Process::prepare(&plan.terrace, plan.folder.as_deref(), Database::Sqlite).await?;
    // The log goes elsewhere: it would take space, and could not tell.
    let logs = tempfile::tempdir()?;
    process.node().log_to(logs.path().join("log"));
    process.resume().await?;
    let crowd = Crowd::gather(&plan, &process.base()).await?;
    let mut report = Report::default();
    let (done, ()) = crowd
        .work(async {
            let api = crowd.operator();
            let imports = format!("/projects/{}/imports?format=jsonl&name=more.jsonl", crowd.project());

            let since = crowd.pulse.now();
            disk.fill(0)?;
            tokio::time::sleep(plan.pick(Duration::from_secs(5), Duration::from_secs(2))).await;
            let me = api.get("/me").await?;
            report.expect(me.status == 200, format!("reading on a full disk: {} {}", me.status, me.body));
            let upload = api.upload(&imports, records("refused", RECORDS)).await?;
            report.expect(upload.status == 503, format!("an upload to a full disk: {} {}", upload.status, upload.body));
            disk.clear()?;
            crowd.normal(&mut report, since, Duration::from_secs(60)).await;

            let begun = Instant::now();
            disk.fill(6 << 20)?;
            let queued = api.upload(&imports, records("more", RECORDS)).await?;
            report.expect(queued.status == 202, format!("an upload that just fits: {} {}", queued.status, queued.body));
            disk.fill(0)?;
            tokio::time::sleep(Duration::from_secs(3)).await;
            disk.clear()?;
            if queued.status == 202 {
                let import = ended(api, &format!("/imports/{}", text(&queued.body, "id")?)).await?;
                let added = import.get("added").and_then(serde_json::Value::as_u64);
                report.expect(added == Some(RECORDS as u64), format!("the import after a full disk: {import}"));
                report.note(format!("an import that met it was done after {:.0} s", begun.elapsed().as_secs_f64()));
            }

            let begun = Instant::now();
            disk.fill(512 << 10)?;
            let exports = format!("/projects/{}/exports", crowd.project());
            let asked = api.post(&exports, &json!({ "format": "jsonl" })).await?;
            disk.fill(0)?;
            tokio::time::sleep(Duration::from_secs(3)).await;
            disk.clear()?;
            match asked.status {
                202 => {
                    let export = ended(api, &format!("/exports/{}", text(&asked.body, "id")?)).await?;
                    report.expect(text(&export, "state")? == "done", format!("the export after a full disk: {export}"));
                    report.note(format!("an export that met it was done after {:.0} s", begun.elapsed().as_secs_f64()));
                }
                503 => report.note("an export was not taken while it was full"),
                other => report.expect(false, format!("an export on a full disk: {other} {}", asked.body)),
            }
            crowd.normal(&mut report, crowd.pulse.now(), Duration::from_secs(60)).await;
            Ok(())
        })
        .await?;
    report.expect(done.failed > 0, "no request met a full disk");
    crowd.audit(&mut report, done).await?;
    process.stop().await?;
    checked(&mut report, process.check().await?);
    Ok(report)
}

fn records(key: &str, n: usize) -> Vec<u8> {
    (0..n)
        .map(|n| format!("{{\"id\":\"{key}{n:06}\",\"text\":\"第{n}条：磁盘写满之后再来一次，什么都不能少。\"}}\n"))
        .collect::<String>()
        .into()
}

/// A job when it has ended.
async fn ended(api: &Api, path: &str) -> anyhow::Result<serde_json::Value> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(150) {
        let job = api.get(path).await?;
        if job.status == 200 && matches!(text(&job.body, "state")?, "done" | "failed") {
            return Ok(job.body);
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    bail!("{path} does not end")
}

/// A disk in memory.
#[derive(Debug)]
struct Disk {
    folder: Option<tempfile::TempDir>,
}

impl Disk {
    async fn mount() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let size = format!("size={MIB}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        let mounted = mounted.await.context("mount")?;
        if !mounted.status.success() {
            bail!("{}", String::from_utf8_lossy(&mounted.stderr).trim());
        }
        Ok(Self { folder: Some(folder) })
    }

    fn folder(&self) -> &Path {
        self.folder.as_ref().map_or(Path::new("/"), tempfile::TempDir::path)
    }

    fn ballast(&self) -> PathBuf {
        self.folder().join("ballast")
    }

    /// Takes all space but so many bytes.
    fn fill(&self, left: u64) -> anyhow::Result<()> {
        let mut file = File::options().create(true).append(true).open(self.ballast())?;
        for piece in [1 << 20, 4 << 10] {
            let zeros = vec![0_u8; piece];
            while let Ok(written) = file.write(&zeros) {
                if written == 0 {
                    break;
                }
            }
        }
        let size = file.metadata()?.len();
        file.set_len(size.saturating_sub(left))?;
        Ok(())
    }

    /// Gives all of it back.
    fn clear(&self) -> anyhow::Result<()> {
        Ok(std::fs::remove_file(self.ballast())?)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let Some(folder) = self.folder.take() else { return };
        // What holds it open still keeps it until it ends; the folder then stays behind, empty.
        let unmounted = std::process::Command::new("umount").arg("--lazy").arg(folder.path()).status();
        if !unmounted.is_ok_and(|status| status.success()) {
            let _left = folder.keep();
        }
    }
}
