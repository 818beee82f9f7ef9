//! The synchronous standby of PostgreSQL is away for some seconds, during which no commit is answered. Then the primary is
//! killed, and the standby takes over, under the load of three nodes.

use std::time::{Duration, Instant};

use super::proxy;
use super::scene::{Crowd, Plan, Report, checked};
use super::site::Site;

/// What it takes an operator's script to see that the primary is gone for good.
const NOTICED: Duration = Duration::from_secs(1);
/// How long the standby is away before that.
const AWAY: Duration = Duration::from_secs(4);

pub(super) async fn run(plan: &Plan) -> anyhow::Result<Report> {
    if !proxy::is_installed().await {
        return Ok(Report::skipped("HAProxy is not installed: scripts/setup.sh chaos"));
    }
    let mut site = Site::start(plan).await?;
    let crowd = Crowd::gather(plan, &site.base()).await?;
    let mut report = Report::default();
    let mut databases = site.databases;
    let (done, databases) = crowd
        .work(async {
            if !plan.short {
                let since = crowd.pulse.now();
                databases = tokio::task::spawn_blocking(move || {
                    databases.standby.kill()?;
                    std::thread::sleep(AWAY);
                    databases.standby.resume()?;
                    anyhow::Ok(databases)
                })
                .await??;
                let answered = crowd.pulse.rate(since, crowd.pulse.now());
                report.note(format!("standby away for {} s: {answered:.0} answers a second", AWAY.as_secs()));
                crowd.normal(&mut report, since, Duration::from_secs(60)).await;
            }
            let (begun, since) = (Instant::now(), crowd.pulse.now());
            let databases = tokio::task::spawn_blocking(move || {
                databases.primary.kill()?;
                std::thread::sleep(NOTICED);
                databases.standby.promote()?;
                anyhow::Ok(databases)
            });
            let databases = databases.await??;
            report.note(format!("the standby is primary after {:.1} s", begun.elapsed().as_secs_f64()));
            crowd.normal(&mut report, since, Duration::from_secs(90)).await;
            Ok(databases)
        })
        .await?;
    site.databases = databases;
    crowd.audit(&mut report, done).await?;
    checked(&mut report, site.close().await?);
    Ok(report)
}
