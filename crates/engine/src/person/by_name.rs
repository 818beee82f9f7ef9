//! The account in whose name a command of the operator's acts.

use super::queries::{actor, by_username};
use crate::Engine;
use crate::error::Result;
use domain::account::Actor;

/// The actor with this user name; nothing when there is none or it is switched off. No proof of identity: for the
/// command line, whose user can read the data folder anyway.
pub async fn actor_by_name(engine: &Engine, username: &str) -> Result<Option<Actor>> {
    match by_username(engine.db().read(), username).await? {
        Some(row) if row.active => actor(&row).map(Some),
        _ => Ok(None),
    }
}
