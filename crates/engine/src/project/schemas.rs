//! Label schemas as this process has read them. A version is never changed once it is saved, so that what was read stays
//! right, whichever node saved it. What it never does: say which version is in force.

use super::entity::schema;
use crate::error::Result;
use domain::schema::Schema;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Versions that are kept; one more, and reading begins anew.
const KEPT: usize = 1_000;

/// The versions read so far.
#[derive(Debug, Default)]
pub(crate) struct Schemas(Mutex<HashMap<(Uuid, i32), Arc<Schema>>>);

impl Schemas {
    /// A version of a project's schema; without controls where none was saved.
    pub(crate) async fn of(&self, db: &impl ConnectionTrait, project: Uuid, version: i32) -> Result<Arc<Schema>> {
        let key = (project, version);
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let body: Option<String> =
            schema::Entity::find_by_id(key).select_only().column(schema::Column::Body).into_tuple().one(db).await?;
        let Some(body) = body else { return Ok(Arc::default()) };
        let read = Arc::new(serde_json::from_str::<Schema>(&body)?);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(key, Arc::clone(&read));
        Ok(read)
    }
}
