//! A labeling job.

use sea_orm::entity::prelude::*;

/// A labeling job.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) modality: String,
    pub(crate) field: Option<String>,
    pub(crate) status: String,
    pub(crate) settings: String,
    pub(crate) schema_version: i32,
    pub(crate) guideline_version: i32,
    pub(crate) next_ordinal: i64,
    pub(crate) next_batch: i32,
    pub(crate) queue_epoch: i32,
    pub(crate) created_by: Uuid,
    pub(crate) created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
