//! An account. `username` is kept in lower case.

use sea_orm::entity::prelude::*;

/// An account.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) username: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) organization_id: Option<Uuid>,
    pub(crate) team_id: Option<Uuid>,
    pub(crate) password_hash: String,
    pub(crate) must_change_password: bool,
    pub(crate) active: bool,
    pub(crate) lang: Option<String>,
    pub(crate) created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
