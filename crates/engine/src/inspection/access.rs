//! The door to inspections: who may see the batch may see how it is judged.

use super::entity::inspection;
use crate::Ctx;
use crate::batch::entity::batch;
use crate::error::{Error, Result};
use crate::project::access::Project;
use domain::error::Noun;
use domain::id::{BatchId, InspectionId};
use sea_orm::{ConnectionTrait, EntityTrait};

/// An inspection with its batch and project.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) inspection: inspection::Model,
    pub(super) batch: batch::Model,
    pub(super) project: Project,
}

/// Loads and authorises for reading.
pub(super) async fn inspection(db: &impl ConnectionTrait, ctx: &Ctx, id: InspectionId) -> Result<Found> {
    let missing = || Error::Refused(domain::Error::NotFound(Noun::Inspection));
    let inspection = inspection::Entity::find_by_id(id.0).one(db).await?.ok_or_else(missing)?;
    match crate::batch::access::batch(db, ctx, BatchId(inspection.batch_id)).await {
        Ok((batch, project)) => Ok(Found { inspection, batch, project }),
        Err(Error::Refused(domain::Error::NotFound(_))) => Err(missing()),
        Err(other) => Err(other),
    }
}

/// Refuses when the caller annotated any item of the batch: nobody reviews or accepts their own work.
pub(super) async fn not_own(db: &impl ConnectionTrait, ctx: &Ctx, batch: uuid::Uuid) -> Result<()> {
    let sql = "SELECT 1 FROM batch_items b JOIN annotations a ON a.item_id = b.item_id AND a.person_id = $2 \
               AND a.kind = 'label' WHERE b.batch_id = $1 LIMIT 1";
    let own = db.query_one_raw(crate::db::rows::raw(db, sql, [batch.into(), ctx.person().into()])).await?;
    if own.is_some() { Err(domain::error::Conflict::OwnWork.into()) } else { Ok(()) }
}
