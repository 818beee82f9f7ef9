//! Moves what SQLite's log holds into the database file, beside the writer and not in its way.
//!
//! A page that changes is written to the log at each commit, and must come into the file some time. SQLite lets the writer do
//! that as soon as the log is a little long, with everybody waiting. Here another connection does it, which the writer does
//! not have to wait for, and only when the log is long: the same pages change again and again, and each goes into the file
//! once, however often it is in the log. Only where nothing is left to move can the log begin anew, and while people work
//! there is always something left: the last bit is moved by the writer, between two commits, and it is a little bit.
//!
//! What is never done here: wait for somebody who reads for long (a backup). Then the log grows until they have ended.

use super::writer::Writer;
use crate::meter::Meter;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, oneshot};

/// Pages in the log when it is time to move them: 128 MiB.
const LONG: i64 = 32_768;
/// Pages that are worth another pass before the writer takes what is left: 8 MiB.
const FEW: i64 = 2_048;
/// Passes before the writer takes what is left.
const PASSES: usize = 4;
/// Between two looks at the log, at least and at most.
const LOOKS: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// How long the writer waits for those who read to be through, milliseconds.
const READERS_MS: u32 = 50;

/// The task that moves.
#[derive(Debug)]
pub(super) struct Mover {
    /// Ends the task; it answers when its connection is closed.
    stop: Mutex<Option<oneshot::Sender<oneshot::Sender<()>>>>,
}

impl Mover {
    pub(super) fn start(connection: DatabaseConnection, writer: Writer, meter: Arc<Meter>) -> Self {
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(work(connection, writer, meter, stopped));
        Self { stop: Mutex::new(Some(stop)) }
    }

    /// Ends it and closes its connection.
    pub(super) async fn stop(&self) {
        let (done, ended) = oneshot::channel();
        let stop = self.stop.lock().await.take();
        if stop.is_some_and(|stop| stop.send(done).is_ok()) {
            let _ = ended.await;
        }
    }
}

async fn work(
    connection: DatabaseConnection,
    writer: Writer,
    meter: Arc<Meter>,
    mut stopped: oneshot::Receiver<oneshot::Sender<()>>,
) {
    let (mut pause, mut commits, mut since) = (LOOKS.1, 0, Instant::now());
    loop {
        tokio::select! {
            asked = &mut stopped => {
                let _ = connection.close().await;
                if let Ok(done) = asked {
                    let _ = done.send(());
                }
                return;
            }
            () = tokio::time::sleep(pause) => {}
        }
        let now = meter.commits();
        if now == commits {
            pause = LOOKS.1;
            continue;
        }
        commits = now;
        match round(&connection, &writer).await {
            Ok(pages) => {
                pause = until_long(pages, since.elapsed());
                since = Instant::now();
            }
            // A full disk, most likely: the log stays as it is, and nothing is lost.
            Err(error) => tracing::warn!(%error, "moving the log of the database into its file"),
        }
    }
}

/// When the log will be long, should it go on growing by so many pages in such a time.
fn until_long(pages: i64, took: Duration) -> Duration {
    let pages = u32::try_from(pages.max(1)).unwrap_or(u32::MAX);
    let long = u32::try_from(LONG).unwrap_or(u32::MAX);
    (took * long / pages).clamp(LOOKS.0, LOOKS.1)
}

/// Moves what there is, and lets the log begin anew if it is long. Gives the pages that were in it.
async fn round(connection: &DatabaseConnection, writer: &Writer) -> Result<i64, DbErr> {
    let first = pass(connection, "PASSIVE").await?;
    if first < LONG / 2 {
        return Ok(first);
    }
    let mut seen = first;
    for _ in 1..PASSES {
        let now = pass(connection, "PASSIVE").await?;
        if now - seen < FEW {
            break;
        }
        seen = now;
    }
    writer.restart().await;
    Ok(first)
}

/// The writer's part: moves the rest and lets the next commit begin the log anew.
pub(super) async fn restart(connection: &DatabaseConnection) {
    let begun = async {
        connection.execute_unprepared(&format!("PRAGMA busy_timeout = {READERS_MS}")).await?;
        let moved = pass(connection, "RESTART").await;
        connection.execute_unprepared(&format!("PRAGMA busy_timeout = {}", super::sqlite::BUSY_MS)).await?;
        moved
    };
    if let Err(error) = begun.await {
        tracing::warn!(%error, "beginning the log of the database anew");
    }
}

/// Gives the pages in the log.
async fn pass(connection: &DatabaseConnection, mode: &str) -> Result<i64, DbErr> {
    let statement = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA wal_checkpoint({mode})"));
    let row = connection.query_one_raw(statement).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::sqlite::{self, Use};
    use crate::db::{Db, Durability, Pool};
    use sea_orm::TransactionTrait;

    /// Fills the log with so many MiB.
    async fn fill(db: &Db, some: usize) {
        for _ in 0..some {
            db.write(|tx| {
                Box::pin(async move {
                    let body =
                        crate::db::rows::raw(tx, "INSERT INTO bodies (body) VALUES (zeroblob($1))", [(1 << 20).into()]);
                    tx.execute_raw(body).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        }
    }

    async fn count(connection: &impl ConnectionTrait) -> i64 {
        let statement = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) FROM bodies");
        connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    #[tokio::test]
    async fn a_long_log_is_moved_and_begins_anew_but_waits_for_nobody_who_reads() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("terrace.db");
        let db = Db::open(&file.to_string_lossy(), Durability::Process, Pool::default()).await.unwrap();
        let crate::db::Writes::Grouped(writer, mover, _) = &db.write else { panic!("this is SQLite") };
        // By hand from here on.
        mover.stop().await;
        let connection = sqlite::connect(&file, Use::Move, Durability::Process, Duration::ZERO).await.unwrap();
        db.write(|tx| {
            Box::pin(async move {
                tx.execute_unprepared("CREATE TABLE bodies (n integer PRIMARY KEY, body blob)").await?;
                Ok(())
            })
        })
        .await
        .unwrap();

        fill(&db, 4).await;
        assert!((1_024..LONG / 2).contains(&round(&connection, writer).await.unwrap()));
        fill(&db, 65).await;
        assert!(round(&connection, writer).await.unwrap() > LONG / 2);
        fill(&db, 1).await;
        assert!(pass(&connection, "PASSIVE").await.unwrap() < 1_024, "the log began anew");

        // Somebody reads: the log cannot begin anew, and the writer goes on all the same.
        let reader = db.read().begin().await.unwrap();
        assert_eq!(count(&reader).await, 70);
        fill(&db, 70).await;
        let begun = Instant::now();
        assert!(round(&connection, writer).await.unwrap() > LONG / 2);
        assert!(begun.elapsed() < Duration::from_millis(u64::from(sqlite::BUSY_MS)));
        fill(&db, 1).await;
        assert!(pass(&connection, "PASSIVE").await.unwrap() > LONG / 2);
        assert_eq!(count(&reader).await, 70);
        reader.commit().await.unwrap();
        assert!(round(&connection, writer).await.unwrap() > LONG / 2);
        fill(&db, 1).await;
        assert!(pass(&connection, "PASSIVE").await.unwrap() < 1_024, "the log began anew");

        connection.close().await.unwrap();
        db.close().await;
        let again = Db::open(&file.to_string_lossy(), Durability::Process, Pool::default()).await.unwrap();
        assert_eq!(count(again.read()).await, 142);
        again.close().await;
    }

    #[test]
    fn looks_come_as_often_as_the_log_gets_long() {
        let second = Duration::from_secs(1);
        assert_eq!(until_long(LONG, second), second);
        assert_eq!(until_long(LONG / 4, second), 4 * second);
        assert_eq!(until_long(3, second), LOOKS.1);
        assert_eq!(until_long(i64::MAX, second), LOOKS.0);
    }
}
