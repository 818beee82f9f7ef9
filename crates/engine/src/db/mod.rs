//! The database: where connections are opened and the only place where transactions begin.
//!
//! Reads go to a pool. Writes go through [`Db::write`]: on SQLite to one writer that groups what arrives within a few
//! milliseconds into one durable commit ([`writer`]), on PostgreSQL to a transaction each, which is run again when it
//! collided with another ([`postgres`]). A write's closure owns what it needs, sees its own changes, leaves nothing
//! behind when it returns an error, and does nothing but through its transaction, so that it can be run twice.
//!
//! Where writes run side by side, rows are locked in one order, so that two of them do not wait for each other:
//! project, batch, claims, items, reworks, counts, figures; several of a kind by their ids. Two things go another way,
//! rarely (an item that is made void, a late submit), and are run again where it ends in a deadlock.

mod checkpoint;
pub(crate) mod joint;
pub(crate) mod later;
mod postgres;
pub(crate) mod rows;
mod sqlite;
mod writer;

use crate::account::rights::Rights;
use crate::error::{Error, Result};
use crate::meter::Meter;
use futures::future::BoxFuture;
use log::LevelFilter;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement};
use sqlite::Use;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

/// A write in progress.
pub(crate) type Tx = DatabaseTransaction;

/// What a write does, given its transaction. Cloned before each run where it may have to run again.
pub(crate) trait WriteFn<T>:
    for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>> + Clone + Send + 'static
{
}
impl<T, F> WriteFn<T> for F where F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>> + Clone + Send + 'static {}

/// The open database.
#[derive(Clone, Debug)]
pub(crate) struct Db {
    read: DatabaseConnection,
    write: Writes,
    meter: Arc<Meter>,
    rights: Arc<Rights>,
}

#[derive(Clone, Debug)]
enum Writes {
    /// SQLite: one writer, grouped commits, and who empties the log beside it. The mark says that the file is in use.
    Grouped(writer::Writer, Arc<checkpoint::Mover>, Arc<sqlite::Mark>),
    /// PostgreSQL: a transaction each, from this pool.
    Each(DatabaseConnection),
}

/// How SQLite makes commits last. Only tests may choose the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// A commit is on disk before it is acknowledged (`synchronous=FULL`).
    #[default]
    Full,
    /// The operating system may still hold it: a crash of the machine loses it, a crash of the process does not.
    Process,
}

/// How connections to PostgreSQL are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Connections of this process at most.
    pub connections: u32,
    /// How long a caller waits for a free one before it is told that the system is busy.
    pub wait: Duration,
    /// Prepared statements that each connection keeps.
    pub statements: usize,
    /// Statements that take longer are logged, on SQLite too; zero is none.
    pub slow: Duration,
}

impl Default for Pool {
    fn default() -> Self {
        Self { connections: 24, wait: Duration::from_secs(10), statements: 256, slow: Duration::from_millis(500) }
    }
}

/// Statements that take too long are said, with their text and without their values; others are not.
fn log_slow(options: &mut ConnectOptions, slow: Duration) {
    if slow.is_zero() {
        options.sqlx_logging(false);
    } else {
        options.sqlx_logging(true).sqlx_logging_level(LevelFilter::Off);
        options.sqlx_slow_statements_logging_settings(LevelFilter::Warn, slow);
    }
}

/// Is this the address of a PostgreSQL database?
pub(crate) fn is_postgres(address: &str) -> bool {
    address.starts_with("postgres://") || address.starts_with("postgresql://")
}

impl Db {
    /// Opens `postgres://…` or, for anything else, the SQLite file at this path, and brings the schema up to date.
    pub(crate) async fn open(address: &str, durability: Durability, pool: Pool) -> Result<Self> {
        let (meter, rights) = (Arc::new(Meter::default()), Arc::new(Rights::default()));
        if is_postgres(address) {
            let pool = postgres::connect(address, pool).await?;
            postgres::migrate(&pool).await?;
            return Ok(Self { read: pool.clone(), write: Writes::Each(pool), meter, rights });
        }
        let path = Path::new(address);
        let (writing, mark) = sqlite::open(path, durability, pool.slow).await?;
        let read = sqlite::connect(path, Use::Read, durability, pool.slow).await?;
        let moving = sqlite::connect(path, Use::Move, durability, pool.slow).await?;
        let writer = writer::Writer::start(writing, Arc::clone(&meter), Arc::clone(&rights));
        let mover = Arc::new(checkpoint::Mover::start(moving, writer.clone(), Arc::clone(&meter)));
        Ok(Self { read, write: Writes::Grouped(writer, mover, Arc::new(mark)), meter, rights })
    }

    /// A pool for reading; it sees every acknowledged write.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Runs a write and answers when it is durable. On an error nothing of it stays.
    pub(crate) async fn write<T: Send + 'static>(&self, run: impl WriteFn<T>) -> Result<T> {
        // The closure's type has the name of the use case in it.
        let span = tracing::debug_span!("write", deed = std::any::type_name_of_val(&run));
        let write = async {
            match &self.write {
                Writes::Grouped(writer, ..) => writer.write(run).await,
                Writes::Each(pool) => postgres::write(pool, (&self.meter, &self.rights), run).await,
            }
        };
        write.instrument(span).await
    }

    /// What this process counts.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Who may do what, as this process knows it.
    pub(crate) fn rights(&self) -> &Rights {
        &self.rights
    }

    /// Connections to PostgreSQL that are open, and those of them that nobody uses.
    pub(crate) fn connections(&self) -> Option<(u32, usize)> {
        match &self.write {
            Writes::Each(pool) => {
                let pool = pool.get_postgres_connection_pool();
                Some((pool.size(), pool.num_idle()))
            }
            Writes::Grouped(..) => None,
        }
    }

    /// Which database this is.
    pub(crate) fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// Copies a SQLite database, consistent as of now, into a new file.
    pub(crate) async fn copy_to(&self, file: &Path) -> Result<()> {
        if self.backend() != DbBackend::Sqlite {
            return Err(Error::Broken(anyhow::anyhow!("PostgreSQL is backed up with pg_dump")));
        }
        let target = file.to_string_lossy().replace('\'', "''");
        self.read.execute_unprepared(&format!("VACUUM INTO '{target}'")).await?;
        Ok(())
    }

    /// Gives space that rows no longer need back to the file system, a part at a time. PostgreSQL sees to that itself.
    pub(crate) async fn shrink(&self) -> Result<()> {
        if self.backend() != DbBackend::Sqlite {
            return Ok(());
        }
        self.write(|tx| Box::pin(async move { sqlite::shrink(tx).await })).await
    }

    /// Waits for writes under way and closes the connections.
    pub(crate) async fn close(&self) {
        if let Writes::Grouped(writer, mover, _) = &self.write {
            mover.stop().await;
            writer.stop().await;
        }
        let closed = self.read.clone().close().await;
        if let Err(error) = closed {
            tracing::warn!(%error, "closing the database");
        }
        if let Writes::Grouped(.., mark) = &self.write {
            mark.remove();
        }
    }
}

/// Lets writes that name the same thing come one after the other, each until its transaction ends. SQLite has one writer
/// anyway.
pub(crate) async fn one_at_a_time(tx: &Tx, thing: impl AsRef<[u8]>) -> Result<()> {
    all_at_a_time(tx, &[thing]).await
}

/// The same for a write that names several things.
pub(crate) async fn all_at_a_time(tx: &Tx, things: &[impl AsRef<[u8]>]) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        // Two things that fall together by chance wait for each other now and then, nothing more. In one order, so that
        // nobody waits for each other.
        let keys: BTreeSet<i64> = things.iter().map(|thing| key(thing.as_ref())).collect();
        let keys: Vec<i64> = keys.into_iter().collect();
        for part in rows::in_parts(tx, &keys) {
            let (sql, values) = rows::with(tx, ["key"], part.iter().map(|key| [(*key).into()]));
            let sql = sql + "SELECT pg_advisory_xact_lock(v.key) FROM v";
            tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        }
    }
    Ok(())
}

/// By what PostgreSQL tells things apart.
fn key(thing: &[u8]) -> i64 {
    let mut key = [0_u8; 8];
    key.iter_mut().zip(blake3::hash(thing).as_bytes()).for_each(|(to, from)| *to = *from);
    i64::from_be_bytes(key)
}

/// The end of a query whose rows are to be held until the transaction ends, leaving out those that others hold. SQLite has
/// one writer, so that nobody else holds any.
pub(crate) fn skip_locked(db: &impl ConnectionTrait) -> &'static str {
    if db.get_database_backend() == DbBackend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" }
}
