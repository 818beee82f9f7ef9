//! A bad line between people and the server: slow, then standing still for seconds, then breaking twice a second.
//!
//! People give an answer up after two seconds and send again under the same key: what had arrived all the same must not
//! count twice.

use std::time::{Duration, Instant};

use super::line::{Line, Weather};
use super::scene::{Crowd, Plan, Report, checked};
use crate::database::Database;
use crate::process::Process;

/// How long people wait for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn run(plan: &Plan) -> anyhow::Result<Report> {
    let mut process = Process::prepare(&plan.terrace, plan.folder.as_deref(), Database::Sqlite).await?;
    process.node().keep_log("node");
    process.resume().await?;
    let line = Line::lay(process.addr()?).await?;
    let crowd = Crowd::patient(plan, &line.base(), PATIENCE).await?;
    let mut report = Report::default();
    let each = plan.pick(Duration::from_secs(15), Duration::from_secs(4));
    let (done, ()) = crowd
        .work(async {
            let since = crowd.pulse.now();
            line.set(Weather { delay: Duration::from_millis(150), ..Weather::default() });
            tokio::time::sleep(each).await;
            let from = crowd.pulse.now();
            report.note(format!("{:.0} answers a second with 150–300 ms each way", crowd.pulse.rate(since, from)));

            let begun = Instant::now();
            while begun.elapsed() < each {
                // For longer than people wait, so that they give up and come again.
                line.set(Weather { still: true, ..Weather::default() });
                tokio::time::sleep(PATIENCE + Duration::from_millis(500)).await;
                line.set(Weather::default());
                tokio::time::sleep(Duration::from_millis(700)).await;
            }

            let begun = Instant::now();
            while begun.elapsed() < each {
                line.cut();
                tokio::time::sleep(Duration::from_millis(rand::random_range(100..900))).await;
            }
            line.set(Weather { closed: true, ..Weather::default() });
            line.cut();
            tokio::time::sleep(Duration::from_secs(1)).await;
            line.set(Weather::default());
            let mended = crowd.pulse.now();
            crowd.normal(&mut report, mended, Duration::from_secs(30)).await;
            report.note(format!("{} connections broken", line.broken()));
            Ok(())
        })
        .await?;
    report.expect(done.failed > 0, "no request met the bad line");
    report.note(format!("{} submits answered at the second asking", done.repeated));
    crowd.audit(&mut report, done).await?;
    process.stop().await?;
    checked(&mut report, process.check().await?);
    Ok(report)
}
