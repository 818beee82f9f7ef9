//! A lot of labeled items. State as `domain::batch::BatchState`.

use sea_orm::entity::prelude::*;

/// A lot of labeled items.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "batches")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) number: i32,
    pub(crate) size: i32,
    pub(crate) state: String,
    pub(crate) filter: Option<String>,
    pub(crate) created_by: Uuid,
    pub(crate) created_at: i64,
    pub(crate) decided_at: Option<i64>,
    pub(crate) decided_by: Option<Uuid>,
    pub(crate) decision: Option<String>,
    pub(crate) reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
