//! Items of a project by state, kept as they move, in shards that are added up.

use sea_orm::entity::prelude::*;

/// A part of the count of a project's items in a state; alone it may be below zero.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "project_counts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) project_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) state: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) shard: i32,
    pub(crate) n: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
