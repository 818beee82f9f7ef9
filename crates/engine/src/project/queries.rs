//! Reads that several verbs share: counts, versions, stored codes.

use super::entity::{count, guideline, project, schema};
use crate::Ctx;
use crate::account::arrival::CountsOf;
use crate::error::Result;
use domain::id::ProjectId;
use domain::project::{ProjectRole, ProjectSummary, StateCounts};
use domain::schema::Schema;
use domain::time::Millis;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use uuid::Uuid;

/// A project as lists show it, with the counts of its items among these.
pub(crate) fn summary(
    row: &project::Model,
    role: Option<ProjectRole>,
    counts: &HashMap<Uuid, StateCounts>,
) -> Result<ProjectSummary> {
    Ok(ProjectSummary {
        id: ProjectId(row.id),
        name: row.name.clone(),
        modality: parse(&row.modality)?,
        field: row.field.clone(),
        status: parse(&row.status)?,
        role,
        counts: counts.get(&row.id).copied().unwrap_or_default(),
        created_at: Millis(row.created_at),
    })
}

/// Items by state of these projects, as of now, asked for together with all who want to know at this moment.
pub(crate) async fn counts_now(ctx: &Ctx, projects: &[Uuid]) -> Result<HashMap<Uuid, StateCounts>> {
    let counts = &ctx.engine().arrivals().counts;
    let found = counts.run_all(ctx.engine().db(), projects.iter().copied().map(CountsOf)).await?;
    Ok(projects.iter().copied().zip(found).filter_map(|(id, counts)| Some((id, counts?))).collect())
}

/// Items by state of these projects.
pub(crate) async fn counts(db: &impl ConnectionTrait, projects: &[Uuid]) -> Result<HashMap<Uuid, StateCounts>> {
    let mut counts: HashMap<Uuid, StateCounts> = HashMap::new();
    for some in projects.chunks(500) {
        for (project, state, total) in sums(db, some).await? {
            use domain::item::ItemState as S;
            let Some(state) = S::parse(&state) else { continue };
            let counts = counts.entry(project).or_default();
            let n = match state {
                S::Open => &mut counts.open,
                S::Labeled => &mut counts.labeled,
                S::InReview => &mut counts.in_review,
                S::Rework => &mut counts.rework,
                S::Accepted => &mut counts.accepted,
                S::Void => &mut counts.void,
            };
            *n = u64::try_from(total).unwrap_or_default();
        }
    }
    Ok(counts)
}

/// Each state's shards added up.
async fn sums(db: &impl ConnectionTrait, projects: &[Uuid]) -> Result<Vec<(Uuid, String, i64)>> {
    let sums = count::Entity::find()
        .select_only()
        .columns([count::Column::ProjectId, count::Column::State])
        .column_as(Expr::col(count::Column::N).sum().cast_as("bigint"), "n")
        .filter(count::Column::ProjectId.is_in(projects.iter().copied()))
        .group_by(count::Column::ProjectId)
        .group_by(count::Column::State);
    Ok(sums.into_tuple().all(db).await?)
}

/// The schema in force; empty before one was saved.
pub(crate) async fn schema_in_force(db: &impl ConnectionTrait, row: &project::Model) -> Result<Schema> {
    if row.schema_version == 0 {
        return Ok(Schema::default());
    }
    let found = schema::Entity::find_by_id((row.id, row.schema_version)).one(db).await?;
    let found = found.ok_or_else(|| anyhow::anyhow!("schema {} of project {} is gone", row.schema_version, row.id))?;
    Ok(serde_json::from_str(&found.body)?)
}

/// The guideline in force as Markdown; empty before one was saved.
pub(crate) async fn guideline_in_force(db: &impl ConnectionTrait, row: &project::Model) -> Result<String> {
    if row.guideline_version == 0 {
        return Ok(String::new());
    }
    let found = guideline::Entity::find_by_id((row.id, row.guideline_version)).one(db).await?;
    let missing = || anyhow::anyhow!("guideline {} of project {} is gone", row.guideline_version, row.id);
    Ok(found.ok_or_else(missing)?.body)
}

/// The stored code of a unit variant: `setup`, `text`, `operator`.
pub(crate) fn code(variant: impl Serialize) -> Result<String> {
    match serde_json::to_value(variant)? {
        serde_json::Value::String(code) => Ok(code),
        other => Err(anyhow::anyhow!("{other} is not a code").into()),
    }
}

/// Reads a stored code.
pub(crate) fn parse<T: DeserializeOwned>(code: &str) -> Result<T> {
    Ok(serde_json::from_value(code.into())?)
}
