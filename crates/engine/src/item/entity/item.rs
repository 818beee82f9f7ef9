//! One unit of data. `free` = overlap − live claims − counted annotations; the ready index holds open items with free > 0.

use sea_orm::entity::prelude::*;

/// One unit of data.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "items")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) key: String,
    pub(crate) content_hash: String,
    pub(crate) data: String,
    pub(crate) meta: String,
    pub(crate) state: String,
    pub(crate) overlap: i32,
    pub(crate) filled: i32,
    pub(crate) free: i32,
    pub(crate) lane: i32,
    pub(crate) sort_key: i64,
    pub(crate) batch_id: Option<Uuid>,
    pub(crate) value: Option<String>,
    pub(crate) finished_at: Option<i64>,
    pub(crate) import_id: Option<Uuid>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
