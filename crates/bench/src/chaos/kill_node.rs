//! `kill -9` of the server at random moments, and the start after it.

use std::time::Duration;

use super::scene::{Crowd, Plan, Report, checked};
use crate::database::Database;
use crate::process::Process;

pub(super) async fn run(plan: &Plan, database: Database) -> anyhow::Result<Report> {
    let mut process = Process::prepare(&plan.terrace, plan.folder.as_deref(), database).await?;
    process.node().keep_log("node");
    process.resume().await?;
    // A release binary starts at once, so that people work nearly all of the time: more than other faults give out.
    let plan = Plan { items: if plan.short { plan.items } else { plan.items.max(200_000) }, ..plan.clone() };
    let crowd = Crowd::gather(&plan, &process.base()).await?;
    let mut report = Report::default();
    let times = plan.pick(50, 3);
    let (done, ()) = crowd
        .work(async {
            for _ in 0..times {
                tokio::time::sleep(Duration::from_millis(rand::random_range(100..1_500))).await;
                let since = crowd.pulse.now();
                process.kill().await?;
                process.resume().await?;
                crowd.normal(&mut report, since, Duration::from_secs(30)).await;
            }
            Ok(())
        })
        .await?;
    report.note(format!("killed {times} times"));
    crowd.audit(&mut report, done).await?;
    process.stop().await?;
    checked(&mut report, process.check().await?);
    Ok(report)
}
