//! Clocks of three nodes that are seconds apart, and one that jumps by more than a lease, forward and back.
//!
//! A node whose clock is ahead takes work back too early: then a submit comes late, and is kept as every late one is. The
//! clocks are libfaketime's, laid over the real ones of each process.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::proxy;
use super::scene::{Crowd, Plan, Report, checked};
use super::site::Site;

pub(super) async fn run(plan: &Plan) -> anyhow::Result<Report> {
    let Some(library) = library() else {
        return Ok(Report::skipped("libfaketime is not installed: scripts/setup.sh chaos"));
    };
    if !proxy::is_installed().await {
        return Ok(Report::skipped("HAProxy is not installed: scripts/setup.sh chaos"));
    }
    let clocks = tempfile::tempdir()?;
    let clock = |n: usize| clocks.path().join(format!("node{n}"));
    for (n, apart) in [(1, "+0s"), (2, "-3s"), (3, "+3s")] {
        std::fs::write(clock(n), format!("{apart}\n"))?;
    }
    let mut site = Site::start_with(plan, |n, node| {
        node.set("LD_PRELOAD", library.to_string_lossy());
        node.set("FAKETIME_TIMESTAMP_FILE", clock(n).to_string_lossy());
        node.set("FAKETIME_NO_CACHE", "1");
        // What is measured in seconds passed goes by another clock, which does not jump.
        node.set("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    })
    .await?;
    let crowd = Crowd::gather(plan, &site.base()).await?;
    let mut report = Report::default();
    let (done, ()) = crowd
        .work(async {
            let since = crowd.pulse.now();
            tokio::time::sleep(plan.pick(Duration::from_secs(5), Duration::from_secs(1))).await;
            for jump in ["+2700s", "-2700s", "+0s"] {
                std::fs::write(clock(1), format!("{jump}\n"))?;
                tokio::time::sleep(plan.pick(Duration::from_secs(6), Duration::from_secs(2))).await;
            }
            crowd.normal(&mut report, since, Duration::from_secs(30)).await;
            Ok(())
        })
        .await?;
    let refused = done.figures.errors();
    let is_gone = |said: &String| said.contains("claim-gone");
    report.expect(done.refusals.iter().all(is_gone), format!("refused: {:?}", done.refusals));
    report
        .note(format!("−3 s, +3 s, and jumps of 45 minutes; {refused} drafts and skips found their claim taken back"));
    crowd.audit(&mut report, done).await?;
    report.refused = 0;
    checked(&mut report, site.close().await?);
    Ok(report)
}

/// Where Debian puts it.
fn library() -> Option<PathBuf> {
    std::fs::read_dir("/usr/lib").ok()?.flatten().find_map(|entry| {
        let file = entry.path().join(Path::new("faketime/libfaketime.so.1"));
        file.exists().then_some(file)
    })
}
