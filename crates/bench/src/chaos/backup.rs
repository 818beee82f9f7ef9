//! A backup taken under load, and put back elsewhere: whole, with everything that was acknowledged before it began.

use std::collections::HashSet;
use std::time::Instant;

use super::scene::{Crowd, OVERLAP, Plan, Report, checked};
use crate::api::Api;
use crate::database::Database;
use crate::node::{Node, OPERATOR};
use crate::process::Process;
use crate::proof::prove;
use crate::worker::Done;

/// The database that a dump is put back into.
const RESTORED: &str = "restored";

/// By `terrace backup` and `terrace restore`.
pub(super) async fn sqlite(plan: &Plan) -> anyhow::Result<Report> {
    let mut process = Process::prepare(&plan.terrace, plan.folder.as_deref(), Database::Sqlite).await?;
    process.node().keep_log("node");
    process.resume().await?;
    let crowd = Crowd::gather(plan, &process.base()).await?;
    let mut report = Report::default();
    let folder = process.folder().join("backup");
    let folder_text = folder.to_string_lossy().into_owned();
    let (done, begun) = crowd
        .work(async {
            let begun = Instant::now();
            process.node().run_well(&["backup", &folder_text]).await?;
            report.note(format!("backup under load: {:.1} s, {}", begun.elapsed().as_secs_f64(), size(&folder)?));
            Ok(begun)
        })
        .await?;
    let mut elsewhere = Node::new(&plan.terrace, process.folder().join("elsewhere"))?;
    elsewhere.keep_log("elsewhere");
    let asked = Instant::now();
    // Audits what it put back.
    elsewhere.run_well(&["restore", &folder_text]).await?;
    report.note(format!("restored and audited in {:.1} s", asked.elapsed().as_secs_f64()));
    elsewhere.resume().await?;
    holds(&mut report, &elsewhere, &crowd, &done, begun).await?;
    elsewhere.stop().await?;
    crowd.audit(&mut report, done).await?;
    process.stop().await?;
    checked(&mut report, process.check().await?);
    Ok(report)
}

/// By `pg_dump` and `pg_restore`.
pub(super) async fn postgres(plan: &Plan) -> anyhow::Result<Report> {
    let mut process = Process::prepare(&plan.terrace, plan.folder.as_deref(), Database::Postgres).await?;
    process.node().keep_log("node");
    process.resume().await?;
    let crowd = Crowd::gather(plan, &process.base()).await?;
    let mut report = Report::default();
    // PostgreSQL's tools run as whoever runs the bench.
    let dump = process.folder().join("dump");
    let file = dump.to_string_lossy().into_owned();
    let (done, begun) = crowd
        .work(async {
            let begun = Instant::now();
            let file = file.clone();
            process
                .with_cluster(move |cluster| cluster.tool("pg_dump", "postgres", &["-Fc", "-f", &file]).map(drop))
                .await?;
            report.note(format!("pg_dump under load: {:.1} s, {}", begun.elapsed().as_secs_f64(), size(&dump)?));
            Ok(begun)
        })
        .await?;
    let asked = Instant::now();
    process
        .with_cluster(move |cluster| {
            cluster.sql("postgres", &format!("CREATE DATABASE {RESTORED}"))?;
            cluster.tool("pg_restore", RESTORED, &["--exit-on-error", &file]).map(drop)
        })
        .await?;
    report.note(format!("pg_restore in {:.1} s", asked.elapsed().as_secs_f64()));
    crowd.audit(&mut report, done.clone()).await?;
    process.stop().await?;
    // The data folder, with its files, is the same.
    let mut elsewhere = Node::new(&plan.terrace, process.data())?;
    elsewhere.keep_log("elsewhere");
    let url = process.cluster().map(|cluster| cluster.url(RESTORED)).unwrap_or_default();
    elsewhere.set("TERRACE_DATABASE_URL", url);
    let (clean, said) = elsewhere.check().await?;
    report.expect(clean, format!("the audit of what was restored: {said}"));
    elsewhere.resume().await?;
    holds(&mut report, &elsewhere, &crowd, &done, begun).await?;
    elsewhere.stop().await?;
    checked(&mut report, process.check().await?);
    Ok(report)
}

/// Everything acknowledged before the backup began is in it.
async fn holds(report: &mut Report, node: &Node, crowd: &Crowd, done: &Done, begun: Instant) -> anyhow::Result<()> {
    let operator = Api::new(&node.base())?.sign_in(OPERATOR.0, OPERATOR.1).await?;
    let before: HashSet<String> =
        done.submitted.iter().filter(|label| label.at < begun).map(|label| label.annotation.clone()).collect();
    report.expect(!before.is_empty(), "nothing was acknowledged before the backup");
    let proof = prove(&operator, crowd.project(), OVERLAP, &before).await?;
    report.expect(proof.holds(), format!("what was restored: {}", proof.sentence()));
    report.note(format!(
        "{} of {} labels acknowledged before it are in it",
        before.len() as u64 - proof.missing,
        before.len()
    ));
    Ok(())
}

fn size(path: &std::path::Path) -> anyhow::Result<String> {
    let mut bytes = 0;
    let mut waiting = vec![path.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in std::fs::read_dir(path)? {
                waiting.push(entry?.path());
            }
        } else {
            bytes += std::fs::metadata(path)?.len();
        }
    }
    Ok(format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)))
}
