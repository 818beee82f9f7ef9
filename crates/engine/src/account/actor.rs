//! From a session or a token to the actor: one indexed read each, so that what was revoked is refused at once.

use super::create_token::hash;
use super::entity::token;
use crate::Engine;
use crate::error::Result;
use crate::person::entity::person;
use crate::person::queries;
use domain::Error;
use domain::account::Actor;
use domain::id::PersonId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, Statement};
use uuid::Uuid;

/// A token's last use is written at most this often.
const USE_NOTED_EVERY_MS: i64 = 60_000;

/// The actor of a session; nobody when the account is gone or deactivated.
pub async fn actor_by_id(engine: &Engine, person: PersonId) -> Result<Option<Actor>> {
    let row = person::Entity::find_by_id(person.0).one(engine.db().read()).await?;
    row.filter(|row| row.active).map(|row| queries::actor(&row)).transpose()
}

#[derive(FromQueryResult)]
struct TokenUse {
    token_id: Uuid,
    expires_at: i64,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
}

/// The actor of a bearer token. Refuses a secret that is unknown, expired or revoked, and a deactivated account.
pub async fn actor_by_token(engine: &Engine, secret: &str) -> Result<Actor> {
    let sql = "SELECT p.*, t.id AS token_id, t.expires_at, t.revoked_at, t.last_used_at \
               FROM tokens t JOIN people p ON p.id = t.person_id WHERE t.hash = $1";
    let db = engine.db().read();
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [hash(secret).into()]);
    let row = db.query_one_raw(statement).await?.ok_or(Error::SignInRequired)?;
    let (token, person) = (TokenUse::from_query_result(&row, "")?, person::Model::from_query_result(&row, "")?);
    let now = engine.now();
    if token.revoked_at.is_some() || token.expires_at <= now.0 {
        return Err(Error::SignInRequired.into());
    }
    if !person.active {
        return Err(Error::Deactivated.into());
    }
    if token.last_used_at.is_none_or(|last| now.0 - last >= USE_NOTED_EVERY_MS) {
        note_use(engine, token.token_id).await;
    }
    queries::actor(&person)
}

/// Not worth refusing a request over: a failure is logged and the next use tries again.
async fn note_use(engine: &Engine, token: Uuid) {
    let now = engine.now();
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            token::Entity::update_many()
                .col_expr(token::Column::LastUsedAt, Expr::value(now.0))
                .filter(token::Column::Id.eq(token))
                .exec(tx)
                .await?;
            Ok(())
        })
    });
    if let Err(error) = write.await {
        tracing::warn!(?error, "noting the use of a token");
    }
}
