//! Reads that several verbs share: counts, versions, stored codes.

use super::entity::{count, guideline, project, schema};
use crate::error::Result;
use domain::id::ProjectId;
use domain::project::{ProjectRole, ProjectSummary, StateCounts};
use domain::schema::Schema;
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use uuid::Uuid;

/// The projects as lists show them, in the order given.
pub(crate) async fn summaries(
    db: &impl ConnectionTrait,
    rows: Vec<(project::Model, Option<ProjectRole>)>,
) -> Result<Vec<ProjectSummary>> {
    let ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.id).collect();
    let counts = counts(db, &ids).await?;
    rows.into_iter()
        .map(|(row, role)| {
            Ok(ProjectSummary {
                id: ProjectId(row.id),
                modality: parse(&row.modality)?,
                status: parse(&row.status)?,
                name: row.name,
                field: row.field,
                role,
                counts: counts.get(&row.id).copied().unwrap_or_default(),
                created_at: Millis(row.created_at),
            })
        })
        .collect()
}

/// Items by state of these projects.
pub(crate) async fn counts(db: &impl ConnectionTrait, projects: &[Uuid]) -> Result<HashMap<Uuid, StateCounts>> {
    let mut counts: HashMap<Uuid, StateCounts> = HashMap::new();
    for some in projects.chunks(500) {
        let rows = count::Entity::find().filter(count::Column::ProjectId.is_in(some.iter().copied())).all(db).await?;
        for row in rows {
            use domain::item::ItemState as S;
            let Some(state) = S::parse(&row.state) else { continue };
            let counts = counts.entry(row.project_id).or_default();
            let n = match state {
                S::Open => &mut counts.open,
                S::Labeled => &mut counts.labeled,
                S::InReview => &mut counts.in_review,
                S::Rework => &mut counts.rework,
                S::Accepted => &mut counts.accepted,
                S::Void => &mut counts.void,
            };
            *n = u64::try_from(row.n).unwrap_or_default();
        }
    }
    Ok(counts)
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
