//! The server is killed while it makes or changes the schema: the next start makes it whole.

use std::time::{Duration, Instant};

use super::scene::{Crowd, Plan, Report, checked};
use crate::database::Database;
use crate::node::Node;
use crate::process::Process;

/// On SQLite: killed after a few more milliseconds each time, over an empty folder.
pub(super) async fn sqlite(plan: &Plan) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut process = Process::bare(&plan.terrace, plan.folder.as_deref(), Database::Sqlite).await?;
    process.node().keep_log("node");
    let times = plan.pick(25, 6);
    for n in 0..times {
        process.node().spawn()?;
        tokio::time::sleep(Duration::from_millis(3 * n + rand::random_range(0..3))).await;
        process.kill().await?;
    }
    let asked = Instant::now();
    process.node().add_operator().await?;
    process.resume().await?;
    report.seconds.push(asked.elapsed().as_secs_f64());
    report.note(format!("killed {times} times in the first {} ms of a start", 3 * times));
    works(&mut report, plan, &mut process).await?;
    Ok(report)
}

/// On PostgreSQL: over a schema that lacks the last change, stopped half-way through that change by a lock, and killed.
/// Then two nodes start at once.
pub(super) async fn postgres(plan: &Plan) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut process = Process::prepare(&plan.terrace, plan.folder.as_deref(), Database::Postgres).await?;
    process.node().keep_log("node");
    // What a version before the last change leaves.
    process
        .with_cluster(|cluster| {
            cluster.sql("postgres", "DROP TABLE project_days")?;
            cluster.sql("postgres", "DELETE FROM seaql_migrations WHERE version LIKE '%project_days'")?;
            Ok(())
        })
        .await?;
    let folder = process.cluster().map(|cluster| cluster.folder().to_owned()).unwrap_or_default();
    // The table can be made, but not written down as made.
    let lock = "BEGIN; LOCK TABLE seaql_migrations IN SHARE MODE; SELECT pg_sleep(3); ROLLBACK";
    let held = tokio::task::spawn_blocking(move || cluster::sql_at(&folder, "postgres", lock));
    tokio::time::sleep(Duration::from_millis(500)).await;
    process.node().spawn()?;
    let begun = Instant::now();
    let mut waits = false;
    while begun.elapsed() < Duration::from_secs(2) && !waits {
        let cluster = process.cluster();
        let asked = "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'terrace' AND wait_event_type = 'Lock' \
                     AND query LIKE 'INSERT INTO%seaql_migrations%'";
        waits = cluster.is_some_and(|cluster| cluster.sql("postgres", asked).is_ok_and(|n| n != "0"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    process.kill().await?;
    report.expect(waits, "the change was not met half-way");
    held.await??;
    let tables = "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'project_days'";
    // The server's end of a connection that was killed sees it a moment later.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let left = process.cluster().map(|cluster| cluster.sql("postgres", tables)).transpose()?;
    report.expect(left.as_deref() == Some("0"), format!("tables left by half a change: {left:?}"));

    let asked = Instant::now();
    let mut second = Node::new(&plan.terrace, process.data())?;
    second.keep_log("second");
    second.set("TERRACE_DATABASE_URL", process.cluster().map(|cluster| cluster.url("postgres")).unwrap_or_default());
    let (first, other) = tokio::join!(process.node().resume(), second.resume());
    first?;
    other?;
    report.seconds.push(asked.elapsed().as_secs_f64());
    report.note("killed between making a table and writing that down; then two nodes at once");
    second.stop().await?;
    works(&mut report, plan, &mut process).await?;
    Ok(report)
}

/// People can work in it.
async fn works(report: &mut Report, plan: &Plan, process: &mut Process) -> anyhow::Result<()> {
    // In the whole form people use up two thousand before the end, and then it looks as if they were stuck.
    let plan = Plan { items: plan.pick(plan.items, 2_000), ..plan.clone() };
    let crowd = Crowd::gather(&plan, &process.base()).await?;
    let (done, ()) = crowd.work(async { Ok(()) }).await?;
    crowd.audit(report, done).await?;
    process.stop().await?;
    checked(report, process.check().await?);
    Ok(())
}
