//! SQLite: one connection that writes, a few that read, and what has to be seen to because no server does.

use super::{Durability, Tx};
use crate::error::{Error, Result};
use anyhow::Context;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Write,
    Read,
    /// Moving what the log holds into the file: [`super::checkpoint`].
    Move,
}

impl Use {
    /// Connections of a kind. More readers than processors, since some always wait for their turn to run.
    fn connections(self) -> u32 {
        match self {
            Self::Write | Self::Move => 1,
            Self::Read => 8,
        }
    }

    /// Memory for pages, KiB. Only the writer's pages stay good from one commit to the next, and only it works on the same
    /// ones again; the others look at the file through the system's own memory.
    fn cache(self) -> u32 {
        match self {
            Self::Write => 65_536,
            Self::Read => 8_192,
            Self::Move => 512,
        }
    }

    /// Bytes of the file that are read without being copied.
    fn mapped(self) -> u32 {
        match self {
            Self::Read => 268_435_456,
            Self::Write | Self::Move => 0,
        }
    }
}

/// How long another process that writes (a command beside the server) is waited for, milliseconds.
pub(super) const BUSY_MS: u32 = 10_000;
/// Pages in the log at which the writer moves them itself, 512 MiB: only when nobody else does.
const LOG_MAX: u32 = 131_072;
/// Pages given back to the file system at a time: 16 MiB, a few milliseconds of the writer.
const SHRINK_PAGES: u32 = 4_096;

/// Says that a process has the file open: a lock on `terrace.db-lock`, which a process that ends in any way lets go.
#[derive(Debug)]
pub(super) struct Mark(File);

impl Mark {
    /// Takes the lock. True when nobody else has the file open; then nobody else opens it until [`Mark::share`].
    fn take(path: &Path) -> std::io::Result<(Self, bool)> {
        let file = File::options().create(true).append(true).open(beside(path, "-lock"))?;
        match file.try_lock() {
            Ok(()) => Ok((Self(file), true)),
            Err(TryLockError::WouldBlock) => {
                // Others work on it, or open it this moment: then we wait until they have.
                file.lock_shared()?;
                Ok((Self(file), false))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Others may open the file too from here on.
    fn share(&self) -> std::io::Result<()> {
        self.0.unlock()?;
        self.0.lock_shared()
    }

    /// The file was closed as it should be.
    pub(super) fn remove(&self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the lock of the database");
        }
    }
}

/// Opens the file for writing, looks it over after an unclean stop, and brings the schema up to date.
pub(super) async fn open(path: &Path, durability: Durability, slow: Duration) -> Result<(DatabaseConnection, Mark)> {
    let lock = path.to_owned();
    let (mark, alone) =
        tokio::task::spawn_blocking(move || Mark::take(&lock)).await.context("the lock of the database")??;
    // Whoever closes last writes the log back into the file and removes it. One that is there and nobody's was left by a
    // process that was killed or a machine that lost power.
    let unclean = alone && std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    let connection = match connect(path, Use::Write, durability, slow).await {
        Ok(connection) => connection,
        Err(error) if unclean => return Err(damaged(path, &error.to_string())),
        Err(error) => return Err(error.into()),
    };
    if unclean {
        check(path, &connection).await?;
    }
    migrate(&connection).await?;
    if alone {
        mark.share()?;
    }
    Ok((connection, mark))
}

/// Reads every page. What SQLite's log had to repair is repaired by now; what is still wrong is the disk's or a person's
/// doing, and every hour of work on it makes the last good backup older.
async fn check(path: &Path, connection: &DatabaseConnection) -> Result<()> {
    tracing::warn!(file = %path.display(), "the database was not closed; looking it over");
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA quick_check(1)");
    let said = match connection.query_one_raw(statement).await {
        Ok(row) => row.map(|row| row.try_get_by_index::<String>(0)).transpose()?.unwrap_or_default(),
        Err(error) => error.to_string(),
    };
    if said == "ok" {
        return Ok(());
    }
    Err(damaged(path, &said))
}

fn damaged(path: &Path, said: &str) -> Error {
    let path = path.display();
    Error::Broken(anyhow::anyhow!(
        "the database file {path} is damaged ({}); keep it aside and restore the last backup with `terrace restore`",
        said.replace('\n', " ")
    ))
}

async fn migrate(connection: &DatabaseConnection) -> Result<()> {
    use migrations::MigratorTrait;
    // The whole of it in one write transaction: another process that opens the same new file waits for it.
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    let tx = connection.begin_with_options(options).await?;
    migrations::Migrator::up(&tx, None).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn connect(
    path: &Path,
    purpose: Use,
    durability: Durability,
    slow: Duration,
) -> std::result::Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", path.display()));
    options
        .max_connections(purpose.connections())
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .test_before_acquire(false)
        // When the disk is full SQLite rolls back by itself, which the driver does not notice: such a connection believes for
        // ever that it is in a transaction, and begins no other one.
        .map_sqlx_sqlite_pool_opts(|options| {
            options.before_acquire(|connection, _| {
                let is_usable = !sea_orm::sqlx::Connection::is_in_transaction(&*connection);
                Box::pin(async move { Ok(is_usable) })
            })
        })
        .map_sqlx_sqlite_opts(move |options| {
            options
                // Of a new file only, and before the journal's mode, which makes it an old one.
                .pragma("auto_vacuum", "INCREMENTAL")
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", if durability == Durability::Full { "FULL" } else { "NORMAL" })
                .pragma("busy_timeout", BUSY_MS.to_string())
                .pragma("foreign_keys", "ON")
                .pragma("temp_store", "MEMORY")
                .pragma("cache_size", format!("-{}", purpose.cache()))
                .pragma("mmap_size", purpose.mapped().to_string())
                .pragma("wal_autocheckpoint", LOG_MAX.to_string())
                // A statement for many people gives many rows, and each time that so many wait to be taken the connection's
                // thread goes to sleep.
                .row_buffer_size(1_024)
                .statement_cache_capacity(512)
        });
    super::log_slow(&mut options, slow);
    Database::connect(options).await
}

/// Gives free pages at the end of the file back, a bounded number of them.
pub(super) async fn shrink(tx: &Tx) -> Result<()> {
    let statement = sea_orm::Statement::from_string(
        sea_orm::DbBackend::Sqlite,
        format!("PRAGMA incremental_vacuum({SHRINK_PAGES})"),
    );
    // A row for each page: reading them all is what makes it run to its end.
    tx.query_all_raw(statement).await?;
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
