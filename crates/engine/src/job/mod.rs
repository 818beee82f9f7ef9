//! Background jobs: leased rows that any process may take over.
//!
//! One import and one export run at a time in a process, so that the machine stays free for people. A job is woken by
//! whoever queues it, or found within a few seconds. Nothing is kept in memory that another process would need.

use crate::error::{Error, Result};
use crate::{Engine, account, export, import, stats};
use futures::FutureExt;
use sea_orm::DbBackend;
use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tracing::Instrument;
use uuid::Uuid;

/// How long a worker holds a job without a sign of life, in milliseconds.
pub(crate) const LEASE: i64 = 60_000;
/// How often the lease is renewed while one large file is on its way.
pub(crate) const RENEW: Duration = Duration::from_secs(15);
/// Tries of a job that does not move.
pub(crate) const ATTEMPTS: i32 = 3;
/// How often waiting jobs are looked for when nobody rings.
const LOOK: Duration = Duration::from_secs(3);
/// How often leftovers are removed and days closed.
const TIDY: Duration = Duration::from_secs(3_600);

/// Milliseconds to wait after so many tries.
pub(crate) fn back_off(attempts: i32) -> i64 {
    5_000 * i64::from(attempts.clamp(1, 12)) * i64::from(attempts.clamp(1, 12))
}

/// The database or the object store does not answer: nobody's fault, and it passes.
pub(crate) fn is_outage(error: &Error) -> bool {
    matches!(error, Error::Refused(domain::Error::Unavailable))
}

/// Runs imports and exports in the background until the handle is aborted, and tidies up every hour.
pub fn run(engine: &Engine) -> tokio::task::JoinHandle<()> {
    let engine = engine.clone();
    tokio::spawn(async move {
        if engine.db().backend() == DbBackend::Sqlite {
            // No other process works on this folder: what is marked as running was left by one that ended.
            logged("free the jobs of an earlier process", import::work::free_leases(&engine).await);
            logged("free the jobs of an earlier process", export::work::free_leases(&engine).await);
        }
        tokio::join!(
            forever(&engine, || import_one(&engine)),
            forever(&engine, || export_one(&engine)),
            tidy_up(&engine)
        );
    })
}

/// The jobs that this process works now.
#[derive(Debug, Default)]
pub(crate) struct Held(Mutex<HashSet<Uuid>>);

impl Held {
    fn add(&self, job: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(job);
    }

    fn remove(&self, job: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&job);
    }

    fn all(&self) -> Vec<Uuid> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }
}

/// Gives back the leases of a process that ends on purpose, after [`run`] was aborted: another one goes on at once. It may
/// fail, then they run out by themselves.
pub async fn let_go(engine: &Engine) {
    let held = engine.held().all();
    if held.is_empty() {
        return;
    }
    let given = engine.db().write(move |tx| {
        Box::pin(async move {
            import::work::let_go(tx, &held).await?;
            export::work::let_go(tx, &held).await
        })
    });
    logged("give back jobs", given.await);
}

/// Runs every job that waits now, then returns: for commands that import or export without a server.
pub async fn run_waiting(engine: &Engine) -> Result<()> {
    while import_one(engine).await? || export_one(engine).await? {}
    Ok(())
}

async fn import_one(engine: &Engine) -> Result<bool> {
    let Some(row) = import::work::take(engine).await? else { return Ok(false) };
    let id = row.id;
    engine.held().add(id);
    import::work::run(engine, row).instrument(tracing::debug_span!("job", kind = "import", job = %id)).await;
    engine.held().remove(id);
    Ok(true)
}

async fn export_one(engine: &Engine) -> Result<bool> {
    let Some(row) = export::work::take(engine).await? else { return Ok(false) };
    let id = row.id;
    engine.held().add(id);
    export::work::run(engine, row).instrument(tracing::debug_span!("job", kind = "export", job = %id)).await;
    engine.held().remove(id);
    Ok(true)
}

async fn forever<F: Future<Output = Result<bool>>>(engine: &Engine, mut one: impl FnMut() -> F) {
    loop {
        // Listening begins before looking, so that no ring is lost in between.
        let mut bell = std::pin::pin!(engine.jobs().notified());
        bell.as_mut().enable();
        match unbroken(one()).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(?error, "looking for jobs"),
        }
        let _ = tokio::time::timeout(LOOK, bell).await;
    }
}

async fn tidy_up(engine: &Engine) {
    loop {
        logged("remove uploads left behind", unbroken(import::sweep(engine)).await);
        logged("remove expired sessions", unbroken(account::session::delete_expired(engine)).await);
        logged("close days that are over", unbroken(stats::close_days(engine)).await);
        logged("give free space back", unbroken(engine.db().shrink()).await);
        tokio::time::sleep(TIDY).await;
    }
}

/// A panic in one job must not end the runner for all. The job is found again when its lease has run out.
async fn unbroken<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let result = AssertUnwindSafe(work).catch_unwind().await;
    result.unwrap_or_else(|_| Err(anyhow::anyhow!("a job panicked").into()))
}

fn logged<T>(deed: &str, result: Result<T>) {
    if let Err(error) = result {
        tracing::error!(?error, deed, "housekeeping");
    }
}
