//! Rows of imports read as views.

use super::entity::{import, problem};
use crate::Ctx;
use crate::error::{Error, Result};
use crate::project::{access, queries::parse};
use domain::error::Noun;
use domain::id::{ImportId, ProjectId};
use domain::import::{ImportProblem, ImportView};
use domain::policy::Action;
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Problems that a view carries.
const SHOWN: u64 = 100;

/// Loads and authorises.
pub(super) async fn import(ctx: &Ctx, id: ImportId) -> Result<import::Model> {
    let missing = || Error::from(domain::Error::NotFound(Noun::Import));
    let row = import::Entity::find_by_id(id.0).one(ctx.read()).await?.ok_or_else(missing)?;
    let project = access::project(ctx.read(), ctx, ProjectId(row.project_id), Action::Import).await;
    project.map_err(|error| match error.refusal() {
        Some(domain::Error::NotFound(_)) => missing(),
        _ => error,
    })?;
    Ok(row)
}

/// One job with its first problems.
pub(super) async fn view(db: &impl ConnectionTrait, row: import::Model) -> Result<ImportView> {
    let problems = if row.rejected > 0 || row.error.is_some() {
        problem::Entity::find()
            .filter(problem::Column::ImportId.eq(row.id))
            .order_by_asc(problem::Column::Position)
            .limit(SHOWN)
            .all(db)
            .await?
    } else {
        Vec::new()
    };
    bare_view(row, problems)
}

/// One job with these problems.
pub(super) fn bare_view(row: import::Model, problems: Vec<problem::Model>) -> Result<ImportView> {
    let whole = |n: i64| u64::try_from(n).unwrap_or_default();
    Ok(ImportView {
        id: ImportId(row.id),
        project: ProjectId(row.project_id),
        state: parse(&row.state)?,
        name: row.name,
        format: row.format,
        encoding: row.encoding,
        read: whole(row.read),
        added: whole(row.added),
        duplicates: whole(row.duplicates),
        rejected: whole(row.rejected),
        bytes_total: whole(row.bytes_total),
        bytes_done: whole(row.bytes_done),
        error: row.error.as_deref().map(serde_json::from_str).transpose()?,
        created_at: Millis(row.created_at),
        finished_at: row.finished_at.map(Millis),
        problems: problems.into_iter().map(problem_view).collect::<Result<_>>()?,
    })
}

/// One problem.
pub(super) fn problem_view(row: problem::Model) -> Result<ImportProblem> {
    Ok(ImportProblem {
        line: row.line.and_then(|line| u64::try_from(line).ok()),
        name: row.name,
        code: row.code,
        message: serde_json::from_str(&row.message)?,
        sample: row.sample,
    })
}
