//! Accounts for tests, made without hashing a password.

use super::entity::person;
use super::queries::{actor, by_username};
use crate::Engine;
use crate::error::Result;
use crate::project::queries::code;
use domain::account::{Actor, PlatformRole};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// The person with this user name, made without a usable password where missing; for tests.
pub(crate) async fn find_or_make(engine: &Engine, username: &str, role: PlatformRole) -> Result<Actor> {
    let (username, engine2) = (username.to_owned(), engine.clone());
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            if let Some(row) = by_username(tx, &username).await? {
                return actor(&row);
            }
            let row = person::Model {
                id: engine2.new_id(),
                username: username.to_lowercase(),
                name: username,
                role: code(role)?,
                organization_id: None,
                team_id: None,
                password_hash: String::new(),
                must_change_password: false,
                active: true,
                lang: None,
                created_at: engine2.now().0,
            };
            person::Entity::insert(person::ActiveModel {
                id: Set(row.id),
                username: Set(row.username.clone()),
                name: Set(row.name.clone()),
                role: Set(row.role.clone()),
                organization_id: Set(None),
                team_id: Set(None),
                password_hash: Set(row.password_hash.clone()),
                must_change_password: Set(false),
                active: Set(true),
                lang: Set(None),
                created_at: Set(row.created_at),
            })
            .exec_without_returning(tx)
            .await?;
            actor(&row)
        })
    });
    write.await
}
