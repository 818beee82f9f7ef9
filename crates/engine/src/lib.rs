//! The use cases of Terrace and the rows behind them.
//!
//! What it is: one function for each thing that a person or program can do, over SQLite or PostgreSQL and a folder of
//! blobs. Each one loads, authorises by [`domain::policy`], decides by [`domain`], and writes rows and events in one
//! transaction. What it never does: HTTP, pages, configuration from the environment. Only this crate and `migrations`
//! name SeaORM.
//!
//! Start reading at [`claim`] (how work is handed out and taken back in) and [`inspection`] (how it is judged).
#![warn(missing_docs)]

pub mod account;
pub mod annotation;
pub mod batch;
pub mod blob;
pub mod check;
pub mod claim;
pub mod clock;
mod ctx;
mod db;
pub mod demo;
pub mod doctor;
pub mod error;
mod event;
pub mod export;
mod facts;
pub mod import;
pub mod inspection;
pub mod item;
pub mod job;
pub mod meter;
pub mod organization;
mod page;
pub mod person;
pub mod project;
pub mod stats;
#[cfg(feature = "testing")]
pub mod testing;
pub mod watch;

pub use clock::Clock;
pub use ctx::Ctx;
pub use db::{Durability, Pool};
pub use error::{Error, Result};

use domain::account::Actor;
use domain::time::Millis;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Where the engine keeps things and how much it takes in.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of the SQLite file, blobs, uploads and exports.
    pub data: PathBuf,
    /// `postgres://…`; absent for SQLite in `data`.
    pub database_url: Option<String>,
    /// The bucket that holds images, uploads and exports; absent for files in `data`.
    pub bucket: Option<Bucket>,
    /// How SQLite makes commits last.
    pub durability: Durability,
    /// How connections to PostgreSQL are kept.
    pub pool: Pool,
    /// Where the time comes from.
    pub clock: Clock,
    /// The work that hashing a password takes.
    pub password_cost: PasswordCost,
    /// Limits on what comes in.
    pub limits: Limits,
}

/// A bucket of an S3-compatible object store.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    /// `s3://bucket`, or `s3://bucket/folder`.
    pub url: String,
    /// Where the store is, where it is not Amazon's: `https://s3.example`.
    pub endpoint: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// The bucket's name stands in the host's name, as some stores insist.
    pub virtual_host: bool,
    /// Whoever may see an image is sent to an address in the store that holds good for so long, in place of the image.
    pub signed: Option<std::time::Duration>,
    /// The id of the key; without one the machine's own role is asked for.
    pub access_key: Option<String>,
    /// The key itself.
    pub secret_key: Option<String>,
}

impl std::fmt::Display for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.endpoint {
            Some(endpoint) => write!(f, "{} at {endpoint}", self.url),
            None => f.write_str(&self.url),
        }
    }
}

// By hand, so that no log line ever holds the key.
impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bucket({self})")
    }
}

/// How much work hashing a password takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PasswordCost {
    /// Argon2id with 19 MiB and two passes, as OWASP advises.
    #[default]
    Full,
    /// As little as Argon2id allows; for tests.
    Test,
}

/// Limits on what comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one upload.
    pub upload_bytes: u64,
    /// Bytes of one line of an imported text file.
    pub line_bytes: u64,
    /// Characters of one text item.
    pub text_chars: u32,
    /// Bytes of one image file.
    pub image_bytes: u64,
    /// Pixels of one image that is decoded whole: more are refused before decoding.
    pub image_pixels: u64,
    /// How long heartbeats keep a claim, counted from when it was taken (never less than one lease): a tab that nobody sits
    /// at, or a program that renews for ever, does not keep an item from others.
    pub hold: std::time::Duration,
    /// Pixels of one image that is read in strips (PNG and TIFF of more than 4,096 pixels on a side).
    pub strip_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            upload_bytes: 8 << 30,
            line_bytes: 8 << 20,
            text_chars: 1_000_000,
            image_bytes: 4 << 30,
            image_pixels: 200_000_000,
            // A working day.
            hold: std::time::Duration::from_secs(8 * 3_600),
            strip_pixels: 2_000_000_000,
        }
    }
}

impl Config {
    /// The usual configuration over this folder.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            database_url: None,
            bucket: None,
            durability: Durability::Full,
            pool: Pool::default(),
            clock: Clock::System,
            password_cost: PasswordCost::Full,
            limits: Limits::default(),
        }
    }
}

/// The open engine; a cheap clone.
#[derive(Clone, Debug)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: db::Db,
    store: blob::store::Store,
    config: Config,
    hashing: tokio::sync::Semaphore,
    jobs: tokio::sync::Notify,
    held: job::Held,
    fronts: claim::front::Fronts,
    schemas: project::schemas::Schemas,
    together: claim::together::Together,
    arrivals: account::arrival::Arrivals,
}

impl Engine {
    /// Opens the data folder and the database, makes what is missing and brings the schema up to date.
    pub async fn open(config: Config) -> Result<Self> {
        for folder in ["blobs", "uploads", "exports"] {
            tokio::fs::create_dir_all(config.data.join(folder)).await?;
        }
        let file = config.data.join("terrace.db");
        let address = config.database_url.clone().unwrap_or_else(|| file.to_string_lossy().into_owned());
        let store = blob::store::Store::open(&config.data, config.bucket.as_ref())?;
        let db = db::Db::open(&address, config.durability, config.pool).await?;
        if let Err(refused) = store.recognise(&db).await {
            db.close().await;
            return Err(refused);
        }
        // Each hash under way takes 19 MiB: bound them by the machine, not by the number of people at the door.
        let hashing = std::thread::available_parallelism().map_or(2, usize::from);
        let hashing = tokio::sync::Semaphore::new(hashing);
        let engine = Self::over(db, store, config, hashing);
        organization::seed_regions(&engine).await?;
        Ok(engine)
    }

    fn over(db: db::Db, store: blob::store::Store, config: Config, hashing: tokio::sync::Semaphore) -> Self {
        let jobs = tokio::sync::Notify::new();
        let (fronts, schemas) = (claim::front::Fronts::default(), project::schemas::Schemas::default());
        let (held, together) = (job::Held::default(), claim::together::Together::new(db.backend()));
        let arrivals = account::arrival::Arrivals::default();
        Self { inner: Arc::new(Inner { db, store, config, hashing, jobs, held, fronts, schemas, together, arrivals }) }
    }

    /// This caller's view.
    pub fn ctx(&self, actor: Actor) -> Ctx {
        Ctx::new(self.clone(), actor)
    }

    /// Now, by the engine's clock.
    pub fn now(&self) -> Millis {
        self.inner.config.clock.now()
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.inner.config.data
    }

    /// Finishes writes under way and closes the database.
    pub async fn close(&self) {
        self.db().close().await;
    }

    /// Copies the SQLite database, consistent as of now, into a new file.
    pub async fn copy_database(&self, file: &Path) -> Result<()> {
        self.db().copy_to(file).await
    }

    /// What this process counts.
    pub fn meter(&self) -> &meter::Meter {
        self.db().meter()
    }

    pub(crate) fn db(&self) -> &db::Db {
        &self.inner.db
    }

    /// Where files lie.
    pub(crate) fn store(&self) -> &blob::store::Store {
        &self.inner.store
    }

    pub(crate) fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Places for hashing passwords at the same time.
    pub(crate) fn hashing(&self) -> &tokio::sync::Semaphore {
        &self.inner.hashing
    }

    /// Rings when a job was queued.
    pub(crate) fn jobs(&self) -> &tokio::sync::Notify {
        &self.inner.jobs
    }

    /// The jobs that this process works.
    pub(crate) fn held(&self) -> &job::Held {
        &self.inner.held
    }

    /// Deeds of the queue that many do at once.
    pub(crate) fn together(&self) -> &claim::together::Together {
        &self.inner.together
    }

    /// What is read of those who come at once.
    pub(crate) fn arrivals(&self) -> &account::arrival::Arrivals {
        &self.inner.arrivals
    }

    /// Where ready lists begin.
    pub(crate) fn fronts(&self) -> &claim::front::Fronts {
        &self.inner.fronts
    }

    /// Schemas that were read.
    pub(crate) fn schemas(&self) -> &project::schemas::Schemas {
        &self.inner.schemas
    }

    /// The same engine by another clock, for making up a past.
    pub(crate) fn at(&self, clock: Clock) -> Self {
        let config = Config { clock, ..self.config().clone() };
        Self::over(self.db().clone(), self.store().clone(), config, tokio::sync::Semaphore::new(1))
    }

    /// A new identifier, ordered by time.
    pub(crate) fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
