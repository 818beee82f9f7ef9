//! Who works in a project.

use super::access;
use crate::Ctx;
use crate::error::Result;
use domain::id::{PersonId, ProjectId};
use domain::policy::Action;
use domain::project::MemberView;
use sea_orm::{FromQueryResult, Statement};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    username: String,
    name: String,
    organization_name: Option<String>,
    role: String,
    active: bool,
}

/// The members by user name.
pub async fn members(ctx: &Ctx, project: ProjectId) -> Result<Vec<MemberView>> {
    let db = ctx.read();
    access::project(db, ctx, project, Action::Read).await?;
    let sql = "SELECT p.id, p.username, p.name, o.name AS organization_name, m.role, p.active FROM members m \
               JOIN people p ON p.id = m.person_id LEFT JOIN organizations o ON o.id = p.organization_id \
               WHERE m.project_id = $1 ORDER BY p.username";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [project.0.into()]);
    let rows = Row::find_by_statement(statement).all(db).await?;
    rows.into_iter()
        .map(|row| {
            Ok(MemberView {
                person: PersonId(row.id),
                username: row.username,
                name: row.name,
                organization_name: row.organization_name,
                role: access::parse_role(&row.role)?,
                active: row.active,
            })
        })
        .collect()
}
