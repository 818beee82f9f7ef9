//! The one writer of SQLite: writes that arrive while a commit is under way share the next one.
//!
//! Each write runs in its own savepoint, so that one that fails leaves the others untouched; each is answered only
//! after the commit that holds it. The writer never waits for more writes to come: a lone write is committed at once,
//! and a busy time fills the groups by itself.

use super::{Tx, WriteFn};
use crate::error::{Error, Result};
use crate::meter::Meter;
use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{DatabaseConnection, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Writes in one commit at most.
const GROUP_MAX: usize = 256;
/// A group is closed after this long even when more are waiting, so that the first in it is answered.
const GROUP_TIME: Duration = Duration::from_millis(20);
/// Writes that may wait; further callers wait for a place.
const QUEUE: usize = 4_096;

type Outcome = std::result::Result<(), String>;

/// A write whose result type is hidden: runs, then is told how the commit went.
trait Job: Send {
    fn run<'a>(&'a mut self, tx: &'a Tx) -> BoxFuture<'a, bool>;
    fn finish(self: Box<Self>, committed: &Outcome);
}

struct Typed<T, F> {
    run: Option<F>,
    result: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
    asked: Instant,
    meter: Arc<Meter>,
}

impl<T: Send + 'static, F: WriteFn<T>> Job for Typed<T, F> {
    /// Returns whether the write's changes shall stay.
    fn run<'a>(&'a mut self, tx: &'a Tx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let Some(run) = self.run.take() else { return false };
            self.meter.waited(self.asked.elapsed());
            // A panic in one write must not end the writer for all.
            let result = AssertUnwindSafe(async { run(tx).await }).catch_unwind().await;
            let result = result.unwrap_or_else(|_| Err(Error::Broken(anyhow::anyhow!("a write panicked"))));
            let keep = result.is_ok();
            self.result = Some(result);
            keep
        })
    }

    fn finish(self: Box<Self>, committed: &Outcome) {
        let result = match (self.result, committed) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(_)) | None, outcome) => {
                let why = outcome.as_ref().err().cloned().unwrap_or_else(|| "the write did not run".to_owned());
                Err(Error::Broken(anyhow::anyhow!("commit failed: {why}")))
            }
        };
        // The caller may have gone; its write stands all the same.
        let _ = self.answer.send(result);
    }
}

enum Message {
    Write(Box<dyn Job>),
    Stop(oneshot::Sender<()>),
}

/// A handle to the writer.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
    meter: Arc<Meter>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Starts the writer on its own connection.
    pub(crate) fn start(connection: DatabaseConnection, meter: Arc<Meter>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(work(connection, waiting, Arc::clone(&meter)));
        Self { queue, meter }
    }

    /// Hands a write over and waits until it is durable.
    pub(crate) async fn write<T: Send + 'static>(&self, run: impl WriteFn<T>) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(Typed {
            run: Some(run),
            result: None,
            answer,
            asked: Instant::now(),
            meter: Arc::clone(&self.meter),
        });
        let gone = || Error::Refused(domain::Error::Unavailable);
        self.queue.send(Message::Write(job)).await.map_err(|_closed| gone())?;
        answered.await.map_err(|_closed| gone())?
    }

    /// Finishes what was handed over, then stops.
    pub(crate) async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.queue.send(Message::Stop(done)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

async fn work(connection: DatabaseConnection, mut waiting: mpsc::Receiver<Message>, meter: Arc<Meter>) {
    while let Some(message) = waiting.recv().await {
        match message {
            Message::Stop(done) => {
                let _ = connection.close().await;
                let _ = done.send(());
                return;
            }
            Message::Write(first) => {
                if let Some(done) = group(&connection, first, &mut waiting, &meter).await {
                    let _ = connection.close().await;
                    let _ = done.send(());
                    return;
                }
            }
        }
    }
}

/// Runs a write and those that wait behind it in one commit. Returns the stop that ended the group, if one did.
async fn group(
    connection: &DatabaseConnection,
    first: Box<dyn Job>,
    waiting: &mut mpsc::Receiver<Message>,
    meter: &Meter,
) -> Option<oneshot::Sender<()>> {
    let mut jobs = Vec::new();
    let mut stop = None;
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    let outcome = match connection.begin_with_options(options).await {
        Err(error) => {
            jobs.push(first);
            Err(error.to_string())
        }
        Ok(tx) => {
            let begun = Instant::now();
            let mut next = Some(first);
            while let Some(mut job) = next.take() {
                in_savepoint(&tx, job.as_mut()).await;
                jobs.push(job);
                if jobs.len() < GROUP_MAX && begun.elapsed() < GROUP_TIME {
                    match waiting.try_recv() {
                        Ok(Message::Write(job)) => next = Some(job),
                        Ok(Message::Stop(done)) => stop = Some(done),
                        Err(_) => {}
                    }
                }
            }
            let committed = tx.commit().await.map_err(|error| error.to_string());
            meter.committed(jobs.len(), begun.elapsed());
            committed
        }
    };
    if let Err(why) = &outcome {
        tracing::error!(why, writes = jobs.len(), "a group of writes was not committed");
    }
    for job in jobs {
        job.finish(&outcome);
    }
    stop
}

async fn in_savepoint(tx: &Tx, job: &mut dyn Job) {
    let savepoint = match tx.begin().await {
        Ok(savepoint) => savepoint,
        Err(error) => {
            tracing::error!(%error, "savepoint");
            return;
        }
    };
    let keep = job.run(&savepoint).await;
    let ended = if keep { savepoint.commit().await } else { savepoint.rollback().await };
    if let Err(error) = ended {
        tracing::error!(%error, keep, "end of savepoint");
    }
}

#[cfg(test)]
mod tests {
    use crate::db::{Db, Durability, Pool};
    use crate::error::{Error, Result};
    use sea_orm::{ConnectionTrait, Statement};

    async fn db(folder: &tempfile::TempDir) -> Db {
        let file = folder.path().join("writer.db");
        let db = Db::open(&file.to_string_lossy(), Durability::Full, Pool::default()).await.unwrap();
        db.write(|tx| {
            Box::pin(async move {
                tx.execute_unprepared("CREATE TABLE numbers (n integer PRIMARY KEY)").await?;
                Ok(())
            })
        })
        .await
        .unwrap();
        db
    }

    async fn add(db: &Db, n: i64, end: fn(i64) -> Result<i64>) -> Result<i64> {
        db.write(move |tx| {
            Box::pin(async move {
                let sql = "INSERT INTO numbers (n) VALUES ($1)";
                tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [n.into()])).await?;
                end(n)
            })
        })
        .await
    }

    async fn numbers(db: &Db) -> Vec<i64> {
        let statement = Statement::from_string(db.backend(), "SELECT n FROM numbers ORDER BY n");
        let rows = db.read().query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<i64>(0).unwrap()).collect()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_write_that_fails_leaves_the_others_of_its_group_alone() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder).await;
        let writes = (0..300).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                let end: fn(i64) -> Result<i64> = match n % 3 {
                    0 => |n| Ok(n),
                    1 => |_| Err(Error::Refused(domain::Error::Unavailable)),
                    _ => |_| panic!("a write that panics"),
                };
                add(&db, n, end).await
            })
        });
        let results: Vec<Result<i64>> =
            futures::future::join_all(writes).await.into_iter().map(|r| r.unwrap()).collect();
        for (n, result) in (0_i64..).zip(&results) {
            assert_eq!(result.is_ok(), n % 3 == 0, "{n}: {result:?}");
        }
        assert_eq!(numbers(&db).await, (0..300).filter(|n| n % 3 == 0).collect::<Vec<i64>>());
    }

    #[tokio::test]
    async fn an_acknowledged_write_is_there_after_reopening() {
        let folder = tempfile::tempdir().unwrap();
        let first = db(&folder).await;
        add(&first, 7, Ok).await.unwrap();
        assert!(add(&first, 7, Ok).await.is_err(), "the key is taken");
        first.close().await;
        let again = Db::open(&folder.path().join("writer.db").to_string_lossy(), Durability::Full, Pool::default())
            .await
            .unwrap();
        assert_eq!(numbers(&again).await, [7]);
        let copy = folder.path().join("copy.db");
        again.copy_to(&copy).await.unwrap();
        let copied = Db::open(&copy.to_string_lossy(), Durability::Full, Pool::default()).await.unwrap();
        assert_eq!(numbers(&copied).await, [7]);
    }

    #[tokio::test]
    async fn a_stopped_writer_refuses_instead_of_hanging() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder).await;
        db.close().await;
        assert!(matches!(add(&db, 1, Ok).await, Err(Error::Refused(domain::Error::Unavailable))));
    }
}
