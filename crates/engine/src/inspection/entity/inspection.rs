//! A reviewer's pass over a batch.

use sea_orm::entity::prelude::*;

/// A reviewer's pass over a batch.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "inspections")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) batch_id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) reviewer_id: Uuid,
    pub(crate) plan: String,
    pub(crate) seed: String,
    pub(crate) lot_hash: String,
    pub(crate) n: i32,
    pub(crate) ac: i32,
    pub(crate) re: i32,
    pub(crate) passed: i32,
    pub(crate) failed: i32,
    pub(crate) fixed: i32,
    pub(crate) started_at: i64,
    pub(crate) ended_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
