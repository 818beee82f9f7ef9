//! An export job.

use sea_orm::entity::prelude::*;

/// An export job.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "exports")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) created_by: Uuid,
    pub(crate) state: String,
    pub(crate) format: String,
    pub(crate) only_items: String,
    pub(crate) total: i64,
    pub(crate) done: i64,
    pub(crate) bytes: Option<i64>,
    pub(crate) sha256: Option<String>,
    pub(crate) file_name: Option<String>,
    pub(crate) losses: String,
    pub(crate) manifest: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) finished_at: Option<i64>,
    pub(crate) lease_until: i64,
    pub(crate) attempts: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
