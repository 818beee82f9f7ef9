//! A database for one test on PostgreSQL: a copy of a template that holds the schema and nothing else.
//!
//! The first test of a run starts a server of its own and makes the template; all tests of the run share it, whatever
//! process they are in, and it ends with the test runner. The server's settings give up durability, nothing else.

use super::told;
use crate::db::{Db, Durability, Pool};
use cluster::Cluster;
use sea_orm::{ConnectOptions, ConnectionTrait, Database as Connections, DatabaseConnection};
use std::path::{Path, PathBuf};

/// The database that the others are copies of.
const TEMPLATE: &str = "terrace_template";

/// One test's database.
#[derive(Debug)]
pub(super) struct Database {
    server: PathBuf,
    /// Where its connections go, unless it is to the server itself.
    pooler: Option<PathBuf>,
    name: String,
}

impl Database {
    /// A new one there, reached through PgBouncer.
    pub(super) async fn behind(cluster: &Cluster, pooler: &cluster::Pooler) -> Self {
        let mut database = Self::on(cluster).await;
        database.pooler = Some(pooler.folder().to_owned());
        database
    }

    /// A new one with the schema, if the tests are to run on PostgreSQL.
    pub(super) async fn new() -> Option<Self> {
        Self::like(TEMPLATE).await
    }

    /// A new one without anything.
    pub(super) async fn empty() -> Option<Self> {
        Self::like("template1").await
    }

    /// A new one on a PostgreSQL server of the test's own, which the test may kill.
    pub(super) async fn on(cluster: &Cluster) -> Self {
        let (server, name) = (cluster.folder().to_owned(), "own".to_owned());
        told(run(&server, &format!("CREATE DATABASE {name}")).await, "CREATE DATABASE");
        Self { server, pooler: None, name }
    }

    async fn like(template: &str) -> Option<Self> {
        if !wanted() {
            return None;
        }
        let server = told(server().await.map_err(crate::Error::from), "PostgreSQL for tests");
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        let made = run(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        told(made, "CREATE DATABASE");
        Some(Self { server, pooler: None, name })
    }

    /// Its address.
    pub(super) fn url(&self) -> String {
        cluster::url(self.pooler.as_ref().unwrap_or(&self.server), &self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Best effort: what is left goes with the server. FORCE, because the engine's connections are still there.
        let _ = cluster::sql_at(&self.server, "postgres", &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

#[expect(clippy::disallowed_methods, reason = "which database to test on is the test run's to say")]
pub(super) fn wanted() -> bool {
    match std::env::var("TERRACE_TEST_DATABASE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite" | "") | Err(_) => false,
        Ok(other) => panic!("TERRACE_TEST_DATABASE is {other}: say postgres or sqlite"),
    }
}

/// The test runner's process: this one's parent, under nextest and `cargo test` alike.
fn runner() -> u32 {
    std::os::unix::process::parent_id()
}

/// The folder of this run's server, started by whoever comes first.
async fn server() -> anyhow::Result<PathBuf> {
    let folder = cluster::short_folder().join(format!("terrace-postgres-{}", runner()));
    std::fs::create_dir_all(&folder)?;
    let lock = std::fs::File::options().create(true).append(true).open(folder.join("lock"))?;
    lock.lock()?;
    if !folder.join("ready").exists() {
        let server = Cluster::start_in(folder.clone(), cluster::Durability::None, &[], runner())?;
        make_template(&folder).await?;
        server.leave();
        std::fs::write(folder.join("ready"), "")?;
    }
    Ok(folder)
}

async fn make_template(server: &Path) -> anyhow::Result<()> {
    let said = |error| anyhow::anyhow!("{error:?}");
    run(server, &format!("CREATE DATABASE {TEMPLATE}")).await.map_err(said)?;
    let db = Db::open(&cluster::url(server, TEMPLATE), Durability::Process, Pool::default()).await.map_err(said)?;
    db.close().await;
    // Who is connected to a template keeps it from being copied.
    run(server, &format!("ALTER DATABASE {TEMPLATE} ALLOW_CONNECTIONS false")).await.map_err(said)
}

async fn run(server: &Path, sql: &str) -> crate::Result<()> {
    let mut options = ConnectOptions::new(cluster::url(server, "postgres"));
    options.max_connections(1).sqlx_logging(false);
    let connection: DatabaseConnection = Connections::connect(options).await?;
    let ran = connection.execute_unprepared(sql).await;
    connection.close().await?;
    ran?;
    Ok(())
}
