//! One person's hold on one slot of an item. Kind `label` or `rework`; state `live`, `submitted`, `released`, `skipped` or `expired`.

use sea_orm::entity::prelude::*;

/// One person's hold on one slot of an item.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "claims")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) project_id: Uuid,
    pub(crate) item_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) claimed_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) draft: Option<String>,
    pub(crate) draft_sequence: i64,
    pub(crate) draft_active_ms: i64,
    pub(crate) draft_saved_at: Option<i64>,
    pub(crate) rework_id: Option<Uuid>,
    pub(crate) submit_key: Option<String>,
    pub(crate) request_hash: Option<String>,
    pub(crate) ended_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// From a claim to its item.
pub(crate) fn to_item() -> RelationDef {
    use crate::item::entity::item;
    Entity::belongs_to(item::Entity).from(Column::ItemId).to(item::Column::Id).into()
}
