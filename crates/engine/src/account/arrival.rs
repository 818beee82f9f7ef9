//! What has to be read of everybody who comes: session, token, account, roles, the projects they open and how far these are.
//!
//! At half past eight thousands come within the same seconds. What they need is read for all who ask at the same moment by
//! the same statements ([`crate::db::joint`]); one who comes alone causes the statements of one. What this never does: keep
//! anything, or decide who may.

use super::entity::session;
use crate::db::Db;
use crate::db::joint::{Joint, Look};
use crate::db::rows::of_keys;
use crate::error::Result;
use crate::person::entity::person;
use crate::project::access::parse_role;
use crate::project::entity::project;
use crate::project::queries;
use domain::project::{ProjectRole, StateCounts};
use sea_orm::FromQueryResult;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Groups of a kind at a time.
const READING: usize = 2;

/// Where those who arrive come together.
#[derive(Debug)]
pub(crate) struct Arrivals {
    pub(super) sessions: Joint<SessionOf>,
    pub(super) tokens: Joint<TokenOf>,
    pub(super) accounts: Joint<AccountOf>,
    pub(crate) roles: Joint<RolesOf>,
    pub(crate) projects: Joint<ProjectOf>,
    pub(crate) counts: Joint<CountsOf>,
}

impl Default for Arrivals {
    fn default() -> Self {
        Self {
            sessions: Joint::new(READING),
            tokens: Joint::new(READING),
            accounts: Joint::new(READING),
            roles: Joint::new(READING),
            projects: Joint::new(READING),
            counts: Joint::new(READING),
        }
    }
}

/// The session with this identifier.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct SessionOf(pub(super) String);

impl Look for SessionOf {
    type Found = session::Model;

    async fn read(db: &Db, keys: &[Self]) -> Result<HashMap<Self, Self::Found>> {
        let ids: Vec<String> = keys.iter().map(|key| key.0.clone()).collect();
        let mut found = HashMap::new();
        for row in of_keys(db.read(), "SELECT * FROM sessions WHERE id", &ids).await? {
            let row = session::Model::from_query_result(&row, "")?;
            found.insert(Self(row.id.clone()), row);
        }
        Ok(found)
    }
}

/// The token with this hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct TokenOf(pub(super) String);

/// A token with whose it is.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct TokenUse {
    pub(super) token_id: Uuid,
    pub(super) hash: String,
    pub(super) expires_at: i64,
    pub(super) revoked_at: Option<i64>,
    pub(super) last_used_at: Option<i64>,
}

impl Look for TokenOf {
    type Found = (TokenUse, person::Model);

    async fn read(db: &Db, keys: &[Self]) -> Result<HashMap<Self, Self::Found>> {
        let hashes: Vec<String> = keys.iter().map(|key| key.0.clone()).collect();
        let sql = "SELECT p.*, t.id AS token_id, t.hash, t.expires_at, t.revoked_at, t.last_used_at \
                   FROM tokens t JOIN people p ON p.id = t.person_id WHERE t.hash";
        let mut found = HashMap::new();
        for row in of_keys(db.read(), sql, &hashes).await? {
            let token = TokenUse::from_query_result(&row, "")?;
            found.insert(Self(token.hash.clone()), (token, person::Model::from_query_result(&row, "")?));
        }
        Ok(found)
    }
}

/// An account, and what its organization and team are called.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) row: person::Model,
    pub(super) organization_name: Option<String>,
    pub(super) team_name: Option<String>,
}

/// The account of this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AccountOf(pub(super) Uuid);

impl Look for AccountOf {
    type Found = Account;

    async fn read(db: &Db, keys: &[Self]) -> Result<HashMap<Self, Account>> {
        let people: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let sql = "SELECT p.*, o.name AS organization_name, t.name AS team_name FROM people p \
                   LEFT JOIN organizations o ON o.id = p.organization_id LEFT JOIN teams t ON t.id = p.team_id \
                   WHERE p.id";
        let mut found = HashMap::new();
        for row in of_keys(db.read(), sql, &people).await? {
            let account = Account {
                row: person::Model::from_query_result(&row, "")?,
                organization_name: row.try_get("", "organization_name")?,
                team_name: row.try_get("", "team_name")?,
            };
            found.insert(Self(account.row.id), account);
        }
        Ok(found)
    }
}

/// The projects that this person is a member of, with the role in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RolesOf(pub(crate) Uuid);

impl Look for RolesOf {
    type Found = HashMap<Uuid, ProjectRole>;

    async fn read(db: &Db, keys: &[Self]) -> Result<HashMap<Self, Self::Found>> {
        let people: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let sql = "SELECT person_id, project_id, role FROM members WHERE person_id";
        let mut found: HashMap<Self, Self::Found> = HashMap::new();
        for row in of_keys(db.read(), sql, &people).await? {
            let role: String = row.try_get_by_index(2)?;
            let roles = found.entry(Self(row.try_get_by_index(0)?)).or_default();
            roles.insert(row.try_get_by_index(1)?, parse_role(&role)?);
        }
        Ok(found)
    }
}

/// The project with this identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ProjectOf(pub(crate) Uuid);

impl Look for ProjectOf {
    type Found = Arc<project::Model>;

    async fn read(db: &Db, keys: &[Self]) -> Result<HashMap<Self, Self::Found>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let mut found = HashMap::new();
        for row in of_keys(db.read(), "SELECT * FROM projects WHERE id", &ids).await? {
            let row = project::Model::from_query_result(&row, "")?;
            found.insert(Self(row.id), Arc::new(row));
        }
        Ok(found)
    }
}

/// How many items of this project are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CountsOf(pub(crate) Uuid);

impl Look for CountsOf {
    type Found = StateCounts;

    async fn read(db: &Db, keys: &[Self]) -> Result<HashMap<Self, StateCounts>> {
        let projects: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let counts = queries::counts(db.read(), &projects).await?;
        Ok(counts.into_iter().map(|(project, counts)| (Self(project), counts)).collect())
    }
}
