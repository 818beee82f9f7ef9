//! A small world for tests: an engine over a temporary folder, and people, projects and items made by their names.
//! It goes through the use cases like any caller; only accounts are made at once, to spare the tests the hashing.

use crate::clock::Clock;
use crate::{Config, Ctx, Durability, Engine, PasswordCost};
use domain::account::{Actor, PlatformRole};
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
}

impl World {
    /// A new, empty world. With `TERRACE_TEST_DATABASE_URL` set it lives in a fresh schema of that PostgreSQL server.
    pub async fn new() -> World {
        let folder = std::env::temp_dir().join(format!("terrace-test-{}", uuid::Uuid::now_v7()));
        let clock = Clock::at(MORNING);
        let engine = Self::open(&folder, clock.clone()).await;
        World { engine, clock, folder }
    }

    async fn open(folder: &std::path::Path, clock: Clock) -> Engine {
        let mut config = Config::new(folder);
        config.clock = clock;
        config.durability = Durability::Process;
        config.password_cost = PasswordCost::Test;
        match Engine::open(config).await {
            Ok(engine) => engine,
            Err(error) => panic!("the test world does not open: {error:?}"),
        }
    }

    /// Closes the engine and opens it again over the same folder, as a restart does.
    pub async fn restart(&mut self) {
        self.engine.close().await;
        self.engine = Self::open(&self.folder, self.clock.clone()).await;
    }

    /// An operator called `root`, for setting things up.
    pub async fn operator(&self) -> Ctx {
        self.person("root", PlatformRole::Operator).await
    }

    /// The person with this user name, made at the first call.
    pub async fn person(&self, username: &str, role: PlatformRole) -> Ctx {
        let actor = match crate::person::find_or_make(&self.engine, username, role).await {
            Ok(actor) => actor,
            Err(error) => panic!("{username}: {error:?}"),
        };
        self.engine.ctx(actor)
    }

    /// The same person seen anew, after their account changed.
    pub fn as_actor(&self, actor: Actor) -> Ctx {
        self.engine.ctx(actor)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Best effort: a leftover in the temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
