//! The database: where connections are opened and the only place where transactions begin.
//!
//! Reads go to a pool. Writes go through [`Db::write`]: on SQLite to one writer that groups what arrives within a few
//! milliseconds into one durable commit ([`writer`]), on PostgreSQL to a transaction each. A write's closure owns what
//! it needs, sees its own changes, and leaves nothing behind when it returns an error.

mod writer;

use crate::error::{Error, Result};
use futures::future::BoxFuture;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr};
use std::path::Path;
use std::time::Duration;

/// A write in progress.
pub(crate) type Tx = DatabaseTransaction;

/// What a write does, given its transaction.
pub(crate) trait WriteFn<T>: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>> + Send + 'static {}
impl<T, F> WriteFn<T> for F where F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T>> + Send + 'static {}

/// The open database.
#[derive(Clone, Debug)]
pub(crate) struct Db {
    read: DatabaseConnection,
    write: Writes,
}

#[derive(Clone, Debug)]
enum Writes {
    /// SQLite: one writer, grouped commits.
    Grouped(writer::Writer),
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

impl Db {
    /// Opens `postgres://…` or, for anything else, the SQLite file at this path, and brings the schema up to date.
    pub(crate) async fn open(address: &str, durability: Durability) -> Result<Self> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let pool = connect_postgres(address).await?;
            migrate(&pool).await?;
            return Ok(Self { read: pool.clone(), write: Writes::Each(pool) });
        }
        let path = Path::new(address);
        let writing = connect_sqlite(path, 1, durability).await?;
        migrate(&writing).await?;
        let read = connect_sqlite(path, 8, durability).await?;
        Ok(Self { read, write: Writes::Grouped(writer::Writer::start(writing)) })
    }

    /// A pool for reading; it sees every acknowledged write.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Runs a write and answers when it is durable. On an error nothing of it stays.
    pub(crate) async fn write<T: Send + 'static>(&self, run: impl WriteFn<T>) -> Result<T> {
        match &self.write {
            Writes::Grouped(writer) => writer.write(run).await,
            Writes::Each(pool) => writer::write_alone(pool, run).await,
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

    /// Waits for writes under way and closes the connections.
    pub(crate) async fn close(&self) {
        if let Writes::Grouped(writer) = &self.write {
            writer.stop().await;
        }
        let closed = self.read.clone().close().await;
        if let Err(error) = closed {
            tracing::warn!(%error, "closing the database");
        }
    }
}

async fn migrate(db: &DatabaseConnection) -> Result<()> {
    use migrations::MigratorTrait;
    migrations::Migrator::up(db, None).await.map_err(Error::from)
}

async fn connect_sqlite(
    path: &Path,
    connections: u32,
    durability: Durability,
) -> std::result::Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", path.display()));
    options
        .max_connections(connections)
        .min_connections(1)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", if durability == Durability::Full { "FULL" } else { "NORMAL" })
                .pragma("busy_timeout", "10000")
                .pragma("foreign_keys", "ON")
                .pragma("temp_store", "MEMORY")
                .pragma("cache_size", "-65536")
                .pragma("mmap_size", "268435456")
                .pragma("wal_autocheckpoint", "4000")
                .statement_cache_capacity(512)
        });
    Database::connect(options).await
}

async fn connect_postgres(address: &str) -> std::result::Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(address.to_owned());
    options.max_connections(24).min_connections(2).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
    Database::connect(options).await
}
