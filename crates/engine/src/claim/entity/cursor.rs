//! How far a person has walked the ready queue of a project with overlap above 1: everything before is spent for them.

use sea_orm::entity::prelude::*;

/// How far a person has walked the ready queue of a project with overlap above 1: everything before is spent for them.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "cursors")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) project_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) person_id: Uuid,
    pub(crate) epoch: i32,
    pub(crate) sort_key: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
