//! Imports: uploads, and the job that turns them into items.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
pub(crate) mod insert;

use crate::Ctx;
use crate::error::Result;
use domain::id::{ImportId, ProjectId};
use domain::import::{ImportOptions, ImportView};

/// An upload under way; dropping it discards what came.
#[derive(Debug)]
pub struct Upload {}

impl Upload {
    /// Takes the next bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        todo!()
    }
    /// Begins the next file of an upload of many.
    pub async fn next_file(&mut self, name: &str) -> Result<()> {
        todo!()
    }
    /// Queues the job.
    pub async fn finish(self) -> Result<ImportView> {
        todo!()
    }
}

/// Begins an upload.
pub async fn begin(ctx: &Ctx, project: ProjectId, options: ImportOptions) -> Result<Upload> {
    todo!()
}
/// One job.
pub async fn get(ctx: &Ctx, import: ImportId) -> Result<ImportView> {
    todo!()
}
/// The project's jobs, newest first.
pub async fn list(ctx: &Ctx, project: ProjectId) -> Result<Vec<ImportView>> {
    todo!()
}
/// Every problem of a job as CSV.
pub async fn problems_csv(ctx: &Ctx, import: ImportId) -> Result<String> {
    todo!()
}
