//! A small world for tests: an engine over a temporary folder, and people, projects and items made by their names.
//! It goes through the use cases like any caller; only accounts are made at once, to spare the tests the hashing.

mod data;
mod figures;
mod queue;

use crate::clock::Clock;
use crate::{Config, Ctx, Durability, Engine, Limits, PasswordCost};
use domain::account::{Actor, PlatformRole};
use domain::id::ProjectId;
use domain::project::{Modality, NewProject, ProjectRole, Settings};
use domain::time::Millis;
use std::path::PathBuf;

/// 2026-11-23 09:00 in China.
pub const MORNING: Millis = Millis(1_795_395_600_000);

/// An engine of its own for one test. The folder goes when the world does.
#[derive(Debug)]
pub struct World {
    /// The engine.
    pub engine: Engine,
    /// Its clock, standing at [`MORNING`] until moved.
    pub clock: Clock,
    folder: PathBuf,
    limits: Limits,
}

impl World {
    /// A new, empty world. With `TERRACE_TEST_DATABASE_URL` set it lives in a fresh schema of that PostgreSQL server.
    pub async fn new() -> World {
        Self::with_limits(Limits::default()).await
    }

    /// One that takes in no more than these limits allow.
    pub async fn with_limits(limits: Limits) -> World {
        let folder = std::env::temp_dir().join(format!("terrace-test-{}", uuid::Uuid::now_v7()));
        let clock = Clock::at(MORNING);
        let engine = Self::open(&folder, clock.clone(), limits).await;
        World { engine, clock, folder, limits }
    }

    async fn open(folder: &std::path::Path, clock: Clock, limits: Limits) -> Engine {
        let mut config = Config::new(folder);
        config.clock = clock;
        config.durability = Durability::Process;
        config.password_cost = PasswordCost::Test;
        config.limits = limits;
        told(Engine::open(config).await, "the test world does not open")
    }

    /// Closes the engine and opens it again over the same folder, as a restart does.
    pub async fn restart(&mut self) {
        self.engine.close().await;
        self.engine = Self::open(&self.folder, self.clock.clone(), self.limits).await;
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
