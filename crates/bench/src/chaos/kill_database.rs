//! `kill -9` of PostgreSQL, a second without it, and its restart, while the server runs on.

use std::time::Duration;

use super::scene::{Crowd, Plan, Report, checked};
use crate::database::Database;
use crate::process::Process;

pub(super) async fn run(plan: &Plan) -> anyhow::Result<Report> {
    let mut process = Process::prepare(&plan.terrace, plan.folder.as_deref(), Database::Postgres).await?;
    process.node().keep_log("node");
    process.resume().await?;
    let crowd = Crowd::gather(plan, &process.base()).await?;
    let mut report = Report::default();
    let times = plan.pick(10, 1);
    let id = process.id();
    let (done, ()) = crowd
        .work(async {
            for _ in 0..times {
                tokio::time::sleep(Duration::from_millis(rand::random_range(100..1_500))).await;
                let since = crowd.pulse.now();
                process.with_cluster(cluster::Cluster::kill).await?;
                tokio::time::sleep(Duration::from_secs(1)).await;
                process.with_cluster(cluster::Cluster::resume).await?;
                crowd.normal(&mut report, since, Duration::from_secs(60)).await;
            }
            Ok(())
        })
        .await?;
    report.expect(process.id() == id, "the server ended with its database");
    report.note(format!("PostgreSQL killed {times} times, away for a second each"));
    crowd.audit(&mut report, done).await?;
    process.stop().await?;
    checked(&mut report, process.check().await?);
    Ok(report)
}
