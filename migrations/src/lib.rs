//! The database schema as an append-only list of changes, for SQLite and PostgreSQL alike. Never imports entities.

use sea_orm_migration::prelude::*;

/// Runs the changes in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        Vec::new()
    }
}
