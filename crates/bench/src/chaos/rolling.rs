//! Three nodes restarted one after the other under load: no request may fail. And the same from one version to the next,
//! during which both work on one database.

use std::time::{Duration, Instant};

use super::proxy;
use super::scene::{Crowd, Plan, Report, checked};
use super::site::Site;

/// One version.
pub(super) async fn restart(plan: &Plan) -> anyhow::Result<Report> {
    run(plan, false).await
}

/// From an earlier version to this one; half-way they stay side by side for a while.
pub(super) async fn upgrade(plan: &Plan) -> anyhow::Result<Report> {
    let Some(earlier) = &plan.earlier else {
        return Ok(Report::skipped("name the binary of an earlier version by --earlier"));
    };
    run(&Plan { terrace: earlier.clone(), ..plan.clone() }, true).await
}

async fn run(plan: &Plan, upgrade: bool) -> anyhow::Result<Report> {
    if !proxy::is_installed().await {
        return Ok(Report::skipped("HAProxy is not installed: scripts/setup.sh chaos"));
    }
    let mut site = Site::start(plan).await?;
    let crowd = Crowd::gather(plan, &site.base()).await?;
    let mut report = Report::default();
    let nodes = &mut site.nodes;
    let (done, ()) = crowd
        .work(async {
            let (begun, since) = (Instant::now(), crowd.pulse.now());
            for node in nodes {
                if upgrade {
                    node.replace(&plan.later)?;
                }
                Site::restart(node).await?;
                tokio::time::sleep(if upgrade { Duration::from_secs(2) } else { Duration::ZERO }).await;
            }
            report.note(format!("three nodes restarted in {:.1} s", begun.elapsed().as_secs_f64()));
            crowd.normal(&mut report, since, Duration::from_secs(30)).await;
            Ok(())
        })
        .await?;
    // How an earlier version ends is not this one's doing.
    report.expect(upgrade || done.failed == 0, format!("{} requests failed", done.failed));
    crowd.audit(&mut report, done).await?;
    checked(&mut report, site.close().await?);
    Ok(report)
}
