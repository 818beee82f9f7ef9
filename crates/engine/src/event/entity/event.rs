//! Something that a person did; never updated or deleted.

use sea_orm::entity::prelude::*;

/// Something that a person did; never updated or deleted.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) at: i64,
    pub(crate) person_id: Option<Uuid>,
    pub(crate) project_id: Option<Uuid>,
    pub(crate) item_id: Option<Uuid>,
    pub(crate) kind: String,
    pub(crate) data: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
