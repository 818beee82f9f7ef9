//! A submitted value; never updated. Kind `label` or `fix`.

use sea_orm::entity::prelude::*;

/// A submitted value; never updated.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "annotations")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) item_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) kind: String,
    pub(crate) revision: i32,
    pub(crate) counted: bool,
    pub(crate) value: String,
    pub(crate) schema_version: i32,
    pub(crate) guideline_version: i32,
    pub(crate) active_ms: i64,
    pub(crate) raw_ms: i64,
    pub(crate) submitted_at: i64,
    pub(crate) claim_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
