//! A small world for tests: an engine over a temporary folder, and people, projects and items made by their names.
//! It goes through the use cases like any caller; only accounts are made at once, to spare the tests the hashing.

pub mod bulk;
mod data;
mod database;
mod figures;
mod queue;
mod writes;

use crate::clock::Clock;
use crate::{Bucket, Config, Ctx, Durability, Engine, Limits, PasswordCost, Pool};
use database::Database;
use domain::account::{Actor, PlatformRole};
use domain::id::ProjectId;
use domain::project::{Modality, NewProject, ProjectRole, Settings};
use domain::time::Millis;
use std::path::{Path, PathBuf};

/// 2026-11-23 09:00 in China.
pub const MORNING: Millis = Millis(1_795_395_600_000);

/// An engine of its own for one test. Its folder and its database go when the world does.
#[derive(Debug)]
pub struct World {
    /// The engine.
    pub engine: Engine,
    /// Its clock, standing at [`MORNING`] until moved.
    pub clock: Clock,
    folder: PathBuf,
    limits: Limits,
    pool: Pool,
    database: Option<Database>,
    bucket: Option<Bucket>,
}

impl World {
    /// A new, empty world: on SQLite, or with `TERRACE_TEST_DATABASE=postgres` on a PostgreSQL server that the tests of
    /// one run start for themselves.
    pub async fn new() -> World {
        Self::with_limits(Limits::default()).await
    }

    /// One that takes in no more than these limits allow.
    pub async fn with_limits(limits: Limits) -> World {
        Self::made(Database::new().await, limits, Pool::default()).await
    }

    /// One that keeps its connections like this.
    pub async fn with_pool(pool: Pool) -> World {
        Self::made(Database::new().await, Limits::default(), pool).await
    }

    /// One on SQLite, whatever the tests run on: for what is SQLite's alone.
    pub async fn on_sqlite() -> World {
        Self::made(None, Limits::default(), Pool::default()).await
    }

    /// One whose database did not even have a schema, opened by this many engines at the same moment.
    pub async fn nodes(n: usize) -> (World, Vec<Engine>) {
        let folder = new_folder();
        let clock = Clock::at(MORNING);
        let (limits, pool) = (Limits::default(), Pool::default());
        let database = Database::empty().await;
        let bucket = None;
        let opened = (0..n).map(|_| Engine::open(config(&folder, &clock, limits, pool, &database, &bucket)));
        let opened = futures::future::join_all(opened).await;
        let mut engines: Vec<Engine> = opened.into_iter().map(|engine| told(engine, "a node does not open")).collect();
        let engine = engines.remove(0);
        (World { engine, clock, folder, limits, pool, database, bucket }, engines)
    }

    /// One on a PostgreSQL server of its own, as durable as in production, which the test may kill and start again.
    pub async fn on_own_server() -> (World, cluster::Cluster) {
        let server = cluster::Cluster::start(cluster::Durability::Full, &[]).map_err(crate::Error::from);
        let server = told(server, "PostgreSQL of a test's own");
        let database = Some(Database::on(&server).await);
        (Self::made(database, Limits::default(), Pool::default()).await, server)
    }

    /// One on a PostgreSQL server of its own behind PgBouncer in transaction mode, which has so few connections to it.
    pub async fn behind_pooler(connections: u32) -> (World, cluster::Cluster, cluster::Pooler) {
        let server = cluster::Cluster::start(cluster::Durability::None, &[]).map_err(crate::Error::from);
        let server = told(server, "PostgreSQL of a test's own");
        let pooler = told(cluster::Pooler::start(&server, connections).map_err(crate::Error::from), "PgBouncer");
        let database = Some(Database::behind(&server, &pooler).await);
        (Self::made(database, Limits::default(), Pool::default()).await, server, pooler)
    }

    /// One whose files are in a folder of this bucket.
    pub async fn with_bucket(server: &cluster::Bucket, folder: &str) -> World {
        let bucket = Some(bucket(server, folder));
        Self::all_made(Database::new().await, Limits::default(), Pool::default(), bucket).await
    }

    /// The same; whoever asks for an image is sent to the bucket with an address that holds good for so long.
    pub async fn with_signing_bucket(server: &cluster::Bucket, signed: std::time::Duration) -> World {
        let bucket = Some(Bucket { signed: Some(signed), ..bucket(server, "") });
        Self::all_made(Database::new().await, Limits::default(), Pool::default(), bucket).await
    }

    async fn made(database: Option<Database>, limits: Limits, pool: Pool) -> World {
        Self::all_made(database, limits, pool, None).await
    }

    async fn all_made(database: Option<Database>, limits: Limits, pool: Pool, bucket: Option<Bucket>) -> World {
        let folder = new_folder();
        let clock = Clock::at(MORNING);
        let opened = Engine::open(config(&folder, &clock, limits, pool, &database, &bucket)).await;
        let engine = told(opened, "the test world does not open");
        World { engine, clock, folder, limits, pool, database, bucket }
    }

    /// A second engine over the same database that finds nothing of the first one's files on its machine: on PostgreSQL in a
    /// folder of its own; on SQLite in the same one, from which all files but the database were removed.
    pub async fn elsewhere(&self) -> Engine {
        let folder = match self.database {
            Some(_) => self.folder.join(uuid::Uuid::now_v7().to_string()),
            None => {
                for name in ["blobs", "uploads", "exports"] {
                    told(std::fs::remove_dir_all(self.folder.join(name)).map_err(crate::Error::from), name);
                }
                self.folder.clone()
            }
        };
        let config = config(&folder, &self.clock, self.limits, self.pool, &self.database, &self.bucket);
        told(Engine::open(config).await, "not opened elsewhere")
    }

    /// What comes of opening the same database with another store: a folder of this bucket, or a new folder of the machine.
    pub async fn with_other_store(&self, server: Option<(&cluster::Bucket, &str)>) -> crate::Result<Engine> {
        let other = server.map(|(server, folder)| bucket(server, folder));
        let folder = match self.database {
            Some(_) => self.folder.join(uuid::Uuid::now_v7().to_string()),
            None => self.folder.clone(),
        };
        Engine::open(config(&folder, &self.clock, self.limits, self.pool, &self.database, &other)).await
    }

    /// Closes the engine and opens it again over the same folder, as a restart does.
    pub async fn restart(&mut self) {
        self.engine.close().await;
        self.engine = self.another().await;
    }

    /// A second engine over the same folder and database, as another process or node has it.
    pub async fn another(&self) -> Engine {
        told(
            Engine::open(config(&self.folder, &self.clock, self.limits, self.pool, &self.database, &self.bucket)).await,
            "not opened again",
        )
    }

    /// The folder of its files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Do the tests run on PostgreSQL?
    pub fn tests_postgres() -> bool {
        database::wanted()
    }

    /// Is this PostgreSQL? For the few tests that look at how one of the two databases goes about its work.
    pub fn is_postgres(&self) -> bool {
        self.database.is_some()
    }

    /// An operator called `root`, for setting things up.
    pub async fn operator(&self) -> Ctx {
        self.person("root", PlatformRole::Operator).await
    }

    /// The person with this user name, made at the first call.
    pub async fn person(&self, username: &str, role: PlatformRole) -> Ctx {
        let actor = told(crate::person::find_or_make(&self.engine, username, role).await, username);
        self.engine.ctx(actor)
    }

    /// A project that is open for work, made by [`World::boss`]. The schema is JSON as a manager would save it.
    pub async fn project(
        &self,
        name: &str,
        modality: Modality,
        schema: serde_json::Value,
        settings: Settings,
    ) -> ProjectId {
        let new = NewProject {
            name: name.to_owned(),
            modality,
            field: None,
            schema: Some(schema),
            guideline: None,
            settings,
        };
        told(crate::project::create(&self.boss().await, new).await, name).summary.id
    }

    /// Who makes the projects and is their manager: `boss`.
    pub async fn boss(&self) -> Ctx {
        self.person("boss", PlatformRole::Manager).await
    }

    /// The person with this user name, as an annotator of the project.
    pub async fn annotator(&self, username: &str, project: ProjectId) -> Ctx {
        self.member(username, project, ProjectRole::Annotator).await
    }

    /// The person with this user name, as a reviewer of the project.
    pub async fn reviewer(&self, username: &str, project: ProjectId) -> Ctx {
        self.member(username, project, ProjectRole::Reviewer).await
    }

    /// The person with this user name, in this role of the project.
    pub async fn member(&self, username: &str, project: ProjectId, role: ProjectRole) -> Ctx {
        let ctx = self.person(username, PlatformRole::Member).await;
        let boss = self.boss().await;
        told(crate::project::set_member(&boss, project, username.to_owned(), role).await, username);
        ctx
    }

    /// The same person seen anew, after their account changed.
    pub fn as_actor(&self, actor: Actor) -> Ctx {
        self.engine.ctx(actor)
    }
}

fn new_folder() -> PathBuf {
    std::env::temp_dir().join(format!("terrace-test-{}", uuid::Uuid::now_v7()))
}

fn bucket(server: &cluster::Bucket, folder: &str) -> Bucket {
    Bucket {
        url: server.url(folder),
        endpoint: Some(server.endpoint()),
        region: None,
        virtual_host: false,
        signed: None,
        access_key: Some("test".to_owned()),
        secret_key: Some("not a secret".to_owned()),
    }
}

fn config(
    folder: &Path,
    clock: &Clock,
    limits: Limits,
    pool: Pool,
    database: &Option<Database>,
    bucket: &Option<Bucket>,
) -> Config {
    let mut config = Config::new(folder);
    config.clock = clock.clone();
    config.durability = Durability::Process;
    config.password_cost = PasswordCost::Test;
    config.limits = limits;
    config.pool = pool;
    config.database_url = database.as_ref().map(Database::url);
    config.bucket.clone_from(bucket);
    config
}

/// A world that cannot be set up ends its test and says why.
fn told<T>(result: crate::Result<T>, what: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error:?}"),
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Best effort: a leftover in the temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Takes an image file in as an import does: it is looked at, decoded, cut into tiles where it is large, and moved below the
/// folder with all that was made of it. Blocks; nothing is written to a database.
pub fn cut_tiles(file: &Path, folder: &Path) -> crate::Result<()> {
    use crate::blob::{picture, pyramid::Stop};
    let limits = Limits::default();
    let looked = picture::look(file, "", &limits)?;
    let kept = match looked {
        Ok(header) => picture::keep(folder, file, header, &limits, &Stop::default())?,
        Err(fault) => Err(fault),
    };
    kept.map(drop).map_err(|fault| anyhow::anyhow!("{fault:?}").into())
}
