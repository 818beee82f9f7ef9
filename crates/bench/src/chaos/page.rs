//! Pages of the SQLite file are overwritten while the server is dead: the next start refuses with a sentence that says what
//! to do, and doing it brings back what the backup holds.

use std::collections::HashSet;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Instant;

use super::scene::{Crowd, OVERLAP, Plan, Report, checked};
use crate::api::Api;
use crate::database::Database;
use crate::node::{Node, OPERATOR};
use crate::process::Process;
use crate::proof::prove;

/// SQLite's usual size of a page.
const PAGE: u64 = 4_096;

pub(super) async fn run(plan: &Plan) -> anyhow::Result<Report> {
    let mut process = Process::prepare(&plan.terrace, plan.folder.as_deref(), Database::Sqlite).await?;
    process.node().keep_log("node");
    process.resume().await?;
    let crowd = Crowd::gather(plan, &process.base()).await?;
    let mut report = Report::default();
    let (done, ()) = crowd.work(async { Ok(()) }).await?;
    let before: HashSet<String> = done.submitted.iter().map(|label| label.annotation.clone()).collect();
    crowd.audit(&mut report, done).await?;
    // Closed and opened again, so that all of it is in the file and only the log tells that it was killed afterwards.
    process.stop().await?;
    let backup = process.folder().join("backup").to_string_lossy().into_owned();
    process.node().run_well(&["backup", &backup]).await?;
    process.resume().await?;
    let (more, ()) = crowd.work(async { Ok(()) }).await?;
    report.labels += more.submitted.len();
    process.kill().await?;
    let spoilt = spoil(&process.data().join("terrace.db"))?;

    let asked = Instant::now();
    let (refused, said) = process.node().refuses(60).await?;
    report
        .expect(refused && said.contains("damaged") && said.contains("terrace restore"), format!("the start: {said}"));
    report.note(format!("{spoilt} pages spoilt: refused after {:.1} s", asked.elapsed().as_secs_f64()));

    let asked = Instant::now();
    let mut elsewhere = Node::new(&plan.terrace, process.folder().join("elsewhere"))?;
    elsewhere.keep_log("elsewhere");
    elsewhere.run_well(&["restore", &backup]).await?;
    elsewhere.resume().await?;
    report.seconds.push(asked.elapsed().as_secs_f64());
    let operator = Api::new(&elsewhere.base())?.sign_in(OPERATOR.0, OPERATOR.1).await?;
    let proof = prove(&operator, crowd.project(), OVERLAP, &before).await?;
    report.expect(proof.holds(), format!("what was restored: {}", proof.sentence()));
    elsewhere.stop().await?;
    checked(&mut report, elsewhere.check().await?);
    Ok(report)
}

/// Overwrites a page in each tenth of the file; gives how many.
fn spoil(file: &Path) -> anyhow::Result<u64> {
    let pages = std::fs::metadata(file)?.len() / PAGE;
    let file = File::options().write(true).open(file)?;
    let garbage = vec![0xA5_u8; usize::try_from(PAGE)?];
    let mut spoilt = 0;
    for tenth in 1..10 {
        file.write_all_at(&garbage, (pages * tenth / 10) * PAGE)?;
        spoilt += 1;
    }
    file.sync_all()?;
    Ok(spoilt)
}
