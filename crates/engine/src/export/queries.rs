//! Rows of exports read as views, and where their files lie.

use super::entity::export;
use crate::annotation::queries::names;
use crate::error::{Error, Result};
use crate::project::{access, queries::parse};
use crate::{Ctx, Engine};
use domain::error::Noun;
use domain::export::ExportView;
use domain::id::{ExportId, ProjectId};
use domain::policy::Action;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, EntityTrait};
use std::path::PathBuf;

/// Loads and authorises.
pub(super) async fn export(ctx: &Ctx, id: ExportId) -> Result<export::Model> {
    let missing = || Error::from(domain::Error::NotFound(Noun::Export));
    let row = export::Entity::find_by_id(id.0).one(ctx.read()).await?.ok_or_else(missing)?;
    let project = access::project(ctx.read(), ctx, ProjectId(row.project_id), Action::Export).await;
    project.map_err(|error| match error.refusal() {
        Some(domain::Error::NotFound(_)) => missing(),
        _ => error,
    })?;
    Ok(row)
}

/// Jobs as people see them.
pub(super) async fn views(db: &impl ConnectionTrait, rows: Vec<export::Model>) -> Result<Vec<ExportView>> {
    let people = names(db, rows.iter().map(|row| row.created_by)).await?;
    let whole = |n: i64| u64::try_from(n).unwrap_or_default();
    rows.into_iter()
        .map(|row| {
            Ok(ExportView {
                id: ExportId(row.id),
                project: ProjectId(row.project_id),
                state: parse(&row.state)?,
                format: row.format,
                only: parse(&row.only_items)?,
                total: whole(row.total),
                done: whole(row.done),
                bytes: row.bytes.map(whole),
                sha256: row.sha256,
                file_name: row.file_name,
                losses: serde_json::from_str(&row.losses)?,
                error: row.error.as_deref().map(serde_json::from_str).transpose()?,
                created_by: people.get(&row.created_by).map(|(username, _)| username.clone()).unwrap_or_default(),
                created_at: Millis(row.created_at),
                finished_at: row.finished_at.map(Millis),
            })
        })
        .collect()
}

/// The name of an export's file in a bucket.
pub(super) fn key(row: &export::Model) -> String {
    format!("exports/{}/{}", row.id, super::work::DATA)
}

/// The folder of an export's file, or with a bucket that in which it is made.
pub(super) fn folder(engine: &Engine, row: &export::Model) -> PathBuf {
    engine.data().join("exports").join(row.id.to_string())
}
