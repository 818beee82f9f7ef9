//! A refused line or file of an import.

use sea_orm::entity::prelude::*;

/// A refused line or file of an import.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_problems")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) import_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) position: i64,
    pub(crate) line: Option<i64>,
    pub(crate) name: Option<String>,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) sample: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
