//! Reads that several verbs share.

use super::entity::person;
use crate::error::Result;
use crate::organization::entity::{organization, team};
use crate::project::queries::parse;
use domain::account::{Actor, PersonView};
use domain::id::{OrganizationId, PersonId, TeamId};
use domain::lang::Lang;
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The account with this user name, in whatever case it was typed.
pub(crate) async fn by_username(db: &impl ConnectionTrait, username: &str) -> Result<Option<person::Model>> {
    let username = username.trim().to_lowercase();
    Ok(person::Entity::find().filter(person::Column::Username.eq(username)).one(db).await?)
}

/// What a name or user name must be like to have this in it; nothing when nothing is looked for. A search is for letters, not
/// for patterns: `\` escapes.
pub(crate) fn part(search: &str) -> Option<String> {
    let search = search.trim().to_lowercase();
    let escaped = search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    (!search.is_empty()).then(|| format!("%{escaped}%"))
}

/// The actor that this account is.
pub(crate) fn actor(row: &person::Model) -> Result<Actor> {
    Ok(Actor {
        person: PersonId(row.id),
        username: row.username.clone(),
        name: row.name.clone(),
        role: parse(&row.role)?,
        organization: row.organization_id.map(OrganizationId),
        must_change_password: row.must_change_password,
        lang: row.lang.as_deref().and_then(Lang::parse),
    })
}

/// Accounts as lists show them, in the order given.
pub(crate) async fn views(db: &impl ConnectionTrait, rows: Vec<person::Model>) -> Result<Vec<PersonView>> {
    let organizations: HashSet<Uuid> = rows.iter().filter_map(|row| row.organization_id).collect();
    let teams: HashSet<Uuid> = rows.iter().filter_map(|row| row.team_id).collect();
    let mut named: HashMap<Uuid, String> = HashMap::new();
    if !organizations.is_empty() {
        let found = organization::Entity::find().filter(organization::Column::Id.is_in(organizations)).all(db).await?;
        named.extend(found.into_iter().map(|row| (row.id, row.name)));
    }
    if !teams.is_empty() {
        let found = team::Entity::find().filter(team::Column::Id.is_in(teams)).all(db).await?;
        named.extend(found.into_iter().map(|row| (row.id, row.name)));
    }
    rows.into_iter()
        .map(|row| {
            Ok(PersonView {
                id: PersonId(row.id),
                role: parse(&row.role)?,
                organization: row.organization_id.map(OrganizationId),
                organization_name: row.organization_id.and_then(|id| named.get(&id).cloned()),
                team: row.team_id.map(TeamId),
                team_name: row.team_id.and_then(|id| named.get(&id).cloned()),
                username: row.username,
                name: row.name,
                active: row.active,
                must_change_password: row.must_change_password,
                created_at: Millis(row.created_at),
            })
        })
        .collect()
}

/// The view of one account.
pub(crate) async fn view(db: &impl ConnectionTrait, row: person::Model) -> Result<PersonView> {
    let mut views = views(db, vec![row]).await?;
    Ok(views.pop().ok_or_else(|| anyhow::anyhow!("one account makes one view"))?)
}
