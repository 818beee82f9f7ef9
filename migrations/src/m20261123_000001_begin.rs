//! The first schema: people, projects, items, the queue, review, figures, jobs.

use crate::script;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        script::run(manager, include_str!("sql/m20261123_000001_begin.sql")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "idempotency_keys",
            "exports",
            "import_problems",
            "imports",
            "events",
            "day_figures",
            "verdicts",
            "samples",
            "inspections",
            "batch_items",
            "batches",
            "annotations",
            "reworks",
            "cursors",
            "claims",
            "items",
            "blobs",
            "project_counts",
            "members",
            "guidelines",
            "schemas",
            "projects",
            "throttles",
            "tokens",
            "sessions",
            "people",
            "teams",
            "organizations",
            "regions",
        ];
        script::drop_tables(manager, &tables).await
    }
}
