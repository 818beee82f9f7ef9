//! Who works in a project.

use super::access;
use crate::Ctx;
use crate::error::Result;
use crate::page;
use crate::person::queries::part;
use domain::Page;
use domain::id::{PersonId, ProjectId};
use domain::policy::Action;
use domain::project::{MemberQuery, MemberView};
use sea_orm::{FromQueryResult, Statement, Value};
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

/// A page of the members by user name.
pub async fn members(ctx: &Ctx, project: ProjectId, query: MemberQuery) -> Result<Page<MemberView>> {
    let db = ctx.read();
    access::project(db, ctx, project, Action::Read).await?;
    let limit = page::length(query.limit)?;
    let narrower: [(&str, Option<Value>); 4] = [
        ("m.project_id = ?", Some(project.0.into())),
        ("m.role = ?", query.role.map(|role| role.code().into())),
        ("p.username > ?", query.after.map(Into::into)),
        (
            "(p.username LIKE ? ESCAPE '\\' OR LOWER(p.name) LIKE ? ESCAPE '\\')",
            query.search.as_deref().and_then(part).map(Into::into),
        ),
    ];
    let (mut conditions, mut values) = (Vec::new(), Vec::new());
    for (condition, value) in narrower {
        if let Some(value) = value {
            values.push(value);
            conditions.push(condition.replace('?', &format!("${}", values.len())));
        }
    }
    let sql = format!(
        "SELECT p.id, p.username, p.name, o.name AS organization_name, m.role, p.active FROM members m \
         JOIN people p ON p.id = m.person_id LEFT JOIN organizations o ON o.id = p.organization_id \
         WHERE {} ORDER BY p.username LIMIT {}",
        conditions.join(" AND "),
        u32::from(limit) + 1
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let rows = Row::find_by_statement(statement).all(db).await?;
    let Page { rows, next } = Page::cut(rows, usize::from(limit), |row| row.username.clone());
    let view = |row: Row| {
        Ok(MemberView {
            person: PersonId(row.id),
            username: row.username,
            name: row.name,
            organization_name: row.organization_name,
            role: access::parse_role(&row.role)?,
            active: row.active,
        })
    };
    Ok(Page { rows: rows.into_iter().map(view).collect::<Result<_>>()?, next })
}
