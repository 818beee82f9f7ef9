//! The one writer of SQLite: writes that arrive while a commit is under way share the next one.
//!
//! A group is run through without a break, since nearly all writes succeed, and what they leave for later is written once
//! for all of them. Where one fails, everything is rolled back and run again, each write in a savepoint of its own, so that
//! the failed one leaves the others untouched. Each is answered only after the commit that holds it. The writer never waits
//! for more writes to come: a lone write is committed at once, and a busy time fills the groups by itself.

use super::later::{self, Later};
use super::{Tx, WriteFn, checkpoint};
use crate::account::rights::Rights;
use crate::error::{Error, Result};
use crate::meter::Meter;
use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{DatabaseConnection, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tracing::Instrument;

/// Writes in one commit at most.
const GROUP_MAX: usize = 256;
/// A group is closed after this long even when more are waiting, so that the first in it is answered.
const GROUP_TIME: Duration = Duration::from_millis(20);
/// Writes that may wait; further callers wait for a place.
const QUEUE: usize = 4_096;

/// How the commit went; where it did not, why, in words and as its callers are told.
type Outcome = std::result::Result<(), (String, Option<domain::Error>)>;

/// A write whose result type is hidden: runs, perhaps more than once, then is told how the commit went.
trait Job: Send {
    /// Returns whether the write's changes shall stay.
    fn run<'a>(&'a mut self, tx: &'a Tx) -> BoxFuture<'a, bool>;
    /// It ran, but what it left for later failed.
    fn spoil(&mut self, error: Error);
    fn finish(self: Box<Self>, committed: &Outcome);
}

struct Typed<T, F> {
    run: F,
    result: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T: Send + 'static, F: WriteFn<T>> Job for Typed<T, F> {
    fn run<'a>(&'a mut self, tx: &'a Tx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let run = self.run.clone();
            // A panic in one write must not end the writer for all.
            let result = AssertUnwindSafe(async { run(tx).await }).catch_unwind().await;
            let result = result.unwrap_or_else(|_| Err(Error::Broken(anyhow::anyhow!("a write panicked"))));
            let keep = result.is_ok();
            self.result = Some(result);
            keep
        })
    }

    fn spoil(&mut self, error: Error) {
        self.result = Some(Err(error));
    }

    fn finish(self: Box<Self>, committed: &Outcome) {
        let result = match (self.result, committed) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), _) => Err(error),
            (None, Ok(())) => Err(Error::Broken(anyhow::anyhow!("the write did not run"))),
            (Some(Ok(_)) | None, Err((_, Some(told)))) => Err(Error::Refused(told.clone())),
            (Some(Ok(_)) | None, Err((why, None))) => Err(Error::Broken(anyhow::anyhow!("commit failed: {why}"))),
        };
        // The caller may have gone; its write stands all the same.
        let _ = self.answer.send(result);
    }
}

enum Message {
    /// A write, and since when it waits.
    Write(Box<dyn Job>, Instant),
    /// Begin the log anew ([`super::checkpoint`]), which nobody but the writer can.
    Restart(oneshot::Sender<()>),
    Stop(oneshot::Sender<()>),
}

/// A handle to the writer.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Starts the writer on its own connection.
    pub(crate) fn start(connection: DatabaseConnection, meter: Arc<Meter>, rights: Arc<Rights>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(Work { connection, waiting, meter, rights }.run());
        Self { queue }
    }

    /// Hands a write over and waits until it is durable.
    pub(crate) async fn write<T: Send + 'static>(&self, run: impl WriteFn<T>) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(Typed { run, result: None, answer });
        let gone = || Error::Refused(domain::Error::Unavailable);
        self.queue.send(Message::Write(job, Instant::now())).await.map_err(|_closed| gone())?;
        answered.await.map_err(|_closed| gone())?
    }

    /// Lets the log begin anew, between two commits.
    pub(super) async fn restart(&self) {
        let (done, restarted) = oneshot::channel();
        if self.queue.send(Message::Restart(done)).await.is_ok() {
            let _ = restarted.await;
        }
    }

    /// Finishes what was handed over, then stops.
    pub(crate) async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.queue.send(Message::Stop(done)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

/// The writer's task.
struct Work {
    connection: DatabaseConnection,
    waiting: mpsc::Receiver<Message>,
    meter: Arc<Meter>,
    rights: Arc<Rights>,
}

/// Writes that share a commit.
#[derive(Default)]
struct Group {
    jobs: Vec<Box<dyn Job>>,
    left: Later,
    /// What the writer was asked for meanwhile, to be done behind the group.
    then: Option<Message>,
}

impl Work {
    async fn run(mut self) {
        let mut next = None;
        loop {
            if next.is_none() {
                next = self.waiting.recv().await;
            }
            match next.take() {
                Some(Message::Write(first, asked)) => next = self.group(first, asked).await,
                Some(Message::Restart(done)) => {
                    checkpoint::restart(&self.connection).await;
                    let _ = done.send(());
                }
                Some(Message::Stop(done)) => {
                    let _ = self.connection.close().await;
                    let _ = done.send(());
                    return;
                }
                None => return,
            }
        }
    }

    /// Runs a write and those that wait behind it in one commit. Returns what ended the group, if something other than a write
    /// did.
    async fn group(&mut self, first: Box<dyn Job>, asked: Instant) -> Option<Message> {
        let mut group = Group::default();
        let begun = Instant::now();
        let span = tracing::debug_span!("commit", writes = tracing::field::Empty);
        let work = async {
            match self.all_at_once(&mut group, first, asked).await {
                Ok(true) => Ok(()),
                // It was alone, and all of it was rolled back.
                Ok(false) if group.jobs.len() == 1 => Ok(()),
                Ok(false) => self.one_by_one(&mut group).await,
                Err(error) => Err(error),
            }
        };
        let outcome = work.instrument(span.clone()).await;
        span.record("writes", group.jobs.len());
        drop(span);
        self.meter.committed(group.jobs.len(), begun.elapsed());
        let outcome = outcome.map_err(|error| (format!("{error:?}"), error.refusal().cloned()));
        if let Err((why, _)) = &outcome {
            tracing::error!(why, writes = group.jobs.len(), "a group of writes was not committed");
        }
        if group.left.has_rights() {
            // Also where it is not known whether it was committed.
            self.rights.forget();
        }
        for job in group.jobs {
            job.finish(&outcome);
        }
        group.then
    }

    async fn begin(&self) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.connection.begin_with_options(options).await?)
    }

    /// Gathers the group and runs it. False when one of the writes failed, or what they left for later did: then nothing
    /// of the group stays.
    async fn all_at_once(&mut self, group: &mut Group, first: Box<dyn Job>, asked: Instant) -> Result<bool> {
        let begun = Instant::now();
        let mut next = Some((first, asked));
        let tx = match self.begin().await {
            Ok(tx) => tx,
            Err(error) => {
                group.jobs.extend(next.map(|(job, _)| job));
                return Err(error);
            }
        };
        let mut whole = true;
        while let Some((mut job, asked)) = next.take() {
            self.meter.waited(asked.elapsed());
            let (kept, left) = later::gathered(job.run(&tx)).await;
            group.jobs.push(job);
            group.left.add(left);
            whole = kept;
            if whole && group.jobs.len() < GROUP_MAX && begun.elapsed() < GROUP_TIME {
                match self.waiting.try_recv() {
                    Ok(Message::Write(job, asked)) => next = Some((job, asked)),
                    Ok(other) => group.then = Some(other),
                    Err(_) => {}
                }
            }
        }
        if whole {
            match std::mem::take(&mut group.left).write(&tx).await {
                Ok(rest) => group.left = rest,
                Err(error) => {
                    whole = false;
                    match group.jobs.as_mut_slice() {
                        [alone] => alone.spoil(error),
                        _ => tracing::warn!(?error, "what a group left for later was not written"),
                    }
                }
            }
        }
        if whole {
            tx.commit().await?
        } else if let Err(error) = tx.rollback().await {
            // On a full disk SQLite did that by itself. The connection, which does not know, is not used again.
            tracing::warn!(%error, "rolling back");
        }
        Ok(whole)
    }

    /// Runs the gathered writes again, each so that it leaves the others untouched.
    async fn one_by_one(&self, group: &mut Group) -> Result<()> {
        group.left = Later::default();
        let tx = self.begin().await?;
        for job in &mut group.jobs {
            let savepoint = tx.begin().await?;
            let (mut kept, left) = later::gathered(job.run(&savepoint)).await;
            if kept {
                match left.write(&savepoint).await {
                    Ok(rest) => group.left.add(rest),
                    Err(error) => {
                        job.spoil(error);
                        kept = false;
                    }
                }
            }
            let ended = if kept { savepoint.commit().await } else { savepoint.rollback().await };
            if let Err(error) = ended {
                // SQLite rolled all of it back: what came after would be committed by itself.
                tracing::error!(%error, kept, "end of a savepoint");
                return Err(domain::Error::Unavailable.into());
            }
        }
        tx.commit().await?;
        Ok(())
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

    /// SQLite refuses to grow a file beyond `max_page_count` as it does on a full disk, and rolls back by itself.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_full_disk_is_told_as_such_and_the_writer_goes_on_when_there_is_space() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder).await;
        db.write(|tx| {
            Box::pin(async move {
                tx.execute_unprepared("CREATE TABLE large (body text)").await?;
                Ok(())
            })
        })
        .await
        .unwrap();
        let pragma = |sql: &'static str| {
            let db = db.clone();
            async move {
                db.write(move |tx| {
                    Box::pin(async move {
                        tx.query_all_raw(Statement::from_string(tx.get_database_backend(), sql)).await?;
                        Ok(())
                    })
                })
                .await
            }
        };
        pragma("PRAGMA max_page_count = 1").await.unwrap();
        let writes = (0..20).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    Box::pin(async move {
                        let sql = "INSERT INTO large (body) VALUES ($1)";
                        let values = ["x".repeat(20_000).into()];
                        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
                        Ok(n)
                    })
                })
                .await
            })
        });
        let results: Vec<Result<i32>> =
            futures::future::join_all(writes).await.into_iter().map(|r| r.unwrap()).collect();
        let refused = results.iter().filter(|r| matches!(r, Err(Error::Refused(domain::Error::Unavailable)))).count();
        // The limit is the connection's, and goes with it: then there is space.
        let stored = results.iter().filter(|r| r.is_ok()).count();
        assert!(refused > 0 && refused + stored == 20, "{results:?}");
        let statement = Statement::from_string(db.backend(), "SELECT COUNT(*) FROM large");
        let count: i64 = db.read().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(count, i64::try_from(stored).unwrap(), "what was refused is not there");
        for n in 1..=3 {
            add(&db, n, Ok).await.unwrap();
        }
        assert_eq!(numbers(&db).await, [1, 2, 3]);
    }

    #[tokio::test]
    async fn a_stopped_writer_refuses_instead_of_hanging() {
        let folder = tempfile::tempdir().unwrap();
        let db = db(&folder).await;
        db.close().await;
        assert!(matches!(add(&db, 1, Ok).await, Err(Error::Refused(domain::Error::Unavailable))));
    }
}
