//! The projects that the caller may see.

use super::access::parse_role;
use super::entity::{member, project};
use super::queries;
use crate::Ctx;
use crate::error::Result;
use domain::account::PlatformRole;
use domain::error::Noun;
use domain::policy::{Action, Resource};
use domain::project::{ProjectRole, ProjectSummary};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// The projects that the caller may see, newest first: all for operators, one's own for everybody else.
pub async fn list(ctx: &Ctx) -> Result<Vec<ProjectSummary>> {
    ctx.require(Action::Read, Resource::Projects, Noun::Project)?;
    let db = ctx.read();
    let mut roles: HashMap<Uuid, ProjectRole> = HashMap::new();
    for row in member::Entity::find().filter(member::Column::PersonId.eq(ctx.person())).all(db).await? {
        roles.insert(row.project_id, parse_role(&row.role)?);
    }
    let mut rows = if ctx.actor().role == PlatformRole::Operator {
        project::Entity::find().order_by_desc(project::Column::Id).all(db).await?
    } else {
        let own: Vec<Uuid> = roles.keys().copied().collect();
        let mut rows = Vec::with_capacity(own.len());
        for some in own.chunks(500) {
            let ids = some.iter().copied();
            rows.extend(project::Entity::find().filter(project::Column::Id.is_in(ids)).all(db).await?);
        }
        rows
    };
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    let rows = rows.into_iter().map(|row| (roles.get(&row.id).copied(), row)).map(|(role, row)| (row, role)).collect();
    queries::summaries(db, rows).await
}
