//! What people did, as rows that are never changed: written in the transaction of the deed, read by audits.

pub(crate) mod entity;

use crate::db::later;
use crate::error::Result;
use domain::time::Millis;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::Value;
use uuid::Uuid;

/// One deed.
#[derive(Clone)]
pub(crate) struct Event {
    /// Who; nobody for the engine's own acts.
    pub(crate) person: Option<Uuid>,
    /// In which project.
    pub(crate) project: Option<Uuid>,
    /// On which item.
    pub(crate) item: Option<Uuid>,
    /// What: `item.submitted`, `batch.decided`, …
    pub(crate) kind: &'static str,
    /// The rest, as an object. Never secrets.
    pub(crate) data: Value,
}

/// Records a deed: at the end of the write that it is part of.
pub(crate) async fn record(db: &impl ConnectionTrait, at: Millis, event: Event) -> Result<()> {
    let row = entity::event::ActiveModel {
        id: Set(Uuid::now_v7()),
        at: Set(at.0),
        person_id: Set(event.person),
        project_id: Set(event.project),
        item_id: Set(event.item),
        kind: Set(event.kind.to_owned()),
        data: Set(event.data.to_string()),
    };
    if !later::leave(|later| later.event(row.clone())) {
        entity::event::Entity::insert(row).exec_without_returning(db).await?;
    }
    Ok(())
}
