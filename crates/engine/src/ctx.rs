//! Who asks, and the engine they ask. The first parameter of every use case.

use crate::Engine;
use crate::db::WriteFn;
use crate::error::Result;
use domain::account::Actor;
use domain::time::Millis;
use sea_orm::DatabaseConnection;
use std::ops::Deref;
use std::sync::Arc;
use uuid::Uuid;

/// One caller's view of the engine; a cheap clone, so that writes can take it along.
#[derive(Clone, Debug)]
pub struct Ctx {
    engine: Engine,
    actor: Arc<Actor>,
}

impl Ctx {
    pub(crate) fn new(engine: Engine, actor: Actor) -> Self {
        Self { engine, actor: Arc::new(actor) }
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The account that asks, as rows hold it.
    pub(crate) fn person(&self) -> Uuid {
        self.actor.person.0
    }

    /// Now.
    pub fn now(&self) -> Millis {
        self.engine.now()
    }

    /// For reading.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        self.engine.db().read()
    }

    /// Runs a write in one transaction and answers when it is durable.
    pub(crate) async fn write<T: Send + 'static>(&self, run: impl WriteFn<T>) -> Result<T> {
        self.engine.db().write(run).await
    }

    /// Refuses unless the policy allows it.
    pub(crate) fn require(
        &self,
        action: domain::policy::Action,
        resource: domain::policy::Resource,
        noun: domain::error::Noun,
    ) -> Result<()> {
        if domain::policy::may(self.actor(), action, resource) {
            Ok(())
        } else if self.actor.must_change_password {
            Err(domain::Error::PasswordChangeRequired.into())
        } else {
            Err(domain::Error::NotAllowed(action, noun).into())
        }
    }
}

impl Deref for Ctx {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.engine
    }
}
