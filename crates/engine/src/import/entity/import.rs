//! An import job. `position` is the number of records worked through and committed.

use sea_orm::entity::prelude::*;

/// An import job.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) created_by: Uuid,
    pub(crate) state: String,
    pub(crate) name: String,
    pub(crate) options: String,
    pub(crate) format: String,
    pub(crate) encoding: Option<String>,
    pub(crate) upload: String,
    pub(crate) read: i64,
    pub(crate) added: i64,
    pub(crate) duplicates: i64,
    pub(crate) rejected: i64,
    pub(crate) bytes_total: i64,
    pub(crate) bytes_done: i64,
    pub(crate) position: i64,
    pub(crate) error: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) finished_at: Option<i64>,
    pub(crate) lease_until: i64,
    pub(crate) attempts: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
