//! A returned annotation that waits for its own author. State `open` or `done`.

use sea_orm::entity::prelude::*;

/// A returned annotation that waits for its own author.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reworks")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) item_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) annotation_id: Uuid,
    pub(crate) batch_id: Option<Uuid>,
    pub(crate) reason: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) own: bool,
    pub(crate) state: String,
    pub(crate) returned_at: i64,
    pub(crate) done_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
