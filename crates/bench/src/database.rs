//! Which database the bench's own server works on.

use anyhow::Context;
use cluster::{Cluster, Durability};

/// The database under a server that the bench starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Database {
    /// SQLite in the server's data folder.
    #[default]
    Sqlite,
    /// A PostgreSQL server of the bench's own, from the system's binaries, as durable as in production.
    Postgres,
}

impl Database {
    /// Starts what it needs.
    pub(crate) async fn start(self) -> anyhow::Result<Option<Cluster>> {
        match self {
            Database::Sqlite => Ok(None),
            Database::Postgres => {
                // As docs/deploy.md has them.
                let settings =
                    ["synchronous_commit=on", "shared_buffers=2GB", "max_wal_size=8GB", "checkpoint_timeout=15min"];
                let start = move || Cluster::start(Durability::Full, &settings);
                tokio::task::spawn_blocking(start).await.context("PostgreSQL")?.map(Some)
            }
        }
    }
}
