//! What a reviewer said of an annotation, written when the batch is decided.

use sea_orm::entity::prelude::*;

/// What a reviewer said of an annotation, written when the batch is decided.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "verdicts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) inspection_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) annotation_id: Uuid,
    pub(crate) item_id: Uuid,
    pub(crate) batch_id: Uuid,
    pub(crate) reviewer_id: Uuid,
    pub(crate) verdict: String,
    pub(crate) reason: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) judged_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
