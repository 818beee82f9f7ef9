//! What a person did in a project on a day, rolled up as it happens.

use sea_orm::entity::prelude::*;

/// What a person did in a project on a day, rolled up as it happens.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "day_figures")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) project_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) day: i32,
    pub(crate) organization_id: Option<Uuid>,
    pub(crate) submitted: i64,
    pub(crate) accepted: i64,
    pub(crate) rework: i64,
    pub(crate) returned: i64,
    pub(crate) skipped: i64,
    pub(crate) extra: i64,
    pub(crate) inspected: i64,
    pub(crate) passed: i64,
    pub(crate) reviewed: i64,
    pub(crate) active_ms: i64,
    pub(crate) raw_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
