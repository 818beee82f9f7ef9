//! A drawn item with its verdict.

use sea_orm::entity::prelude::*;

/// A drawn item with its verdict.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "samples")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) inspection_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) item_id: Uuid,
    pub(crate) position: i32,
    pub(crate) verdict: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) annotations: Option<String>,
    pub(crate) fix_value: Option<String>,
    pub(crate) judged_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
