//! The database schema as an append-only list of changes, for SQLite and PostgreSQL alike. Never imports entities.

mod m20261123_000001_begin;
mod m20261123_000010_facts;
mod m20261123_000020_tiles;
mod m20261130_000010_project_days;
mod script;

pub use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait};

/// Runs the changes in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_begin::Migration),
            Box::new(m20261123_000010_facts::Migration),
            Box::new(m20261123_000020_tiles::Migration),
            Box::new(m20261130_000010_project_days::Migration),
        ]
    }
}
