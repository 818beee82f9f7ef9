//! From a session or a token to the actor: what was read once is known until somebody's rights change.

use super::arrival::{AccountOf, TokenOf};
use super::create_token::hash;
use super::entity::token;
use super::rights::Token;
use crate::Engine;
use crate::error::Result;
use crate::person::queries;
use domain::Error;
use domain::account::Actor;
use domain::id::PersonId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::time::Duration;
use uuid::Uuid;

/// A token's last use is written at most this often.
const USE_NOTED_EVERY_MS: i64 = 60_000;
/// So long after the first use the uses that came in are written together.
const NOTED_AFTER: Duration = Duration::from_millis(500);
/// Tokens of one statement.
const TOKENS: usize = 500;

/// The actor of a session; nobody when the account is gone or deactivated.
pub async fn actor_by_id(engine: &Engine, person: PersonId) -> Result<Option<Actor>> {
    let (db, rights) = (engine.db().read(), engine.db().rights());
    let reading = rights.now(db).await?;
    if let Some(actor) = rights.person(person.0) {
        return Ok(Some(actor));
    }
    let account = engine.arrivals().accounts.run(engine.db(), AccountOf(person.0)).await?;
    let Some(account) = account.filter(|account| account.row.active) else { return Ok(None) };
    let actor = queries::actor(&account.row)?;
    rights.keep_person(reading, person.0, actor.clone());
    Ok(Some(actor))
}

/// The actor of a bearer token. Refuses a secret that is unknown, expired or revoked, and a deactivated account.
pub async fn actor_by_token(engine: &Engine, secret: &str) -> Result<Actor> {
    let (rights, hash, now) = (engine.db().rights(), hash(secret), engine.now());
    let reading = rights.now(engine.db().read()).await?;
    let token = match rights.token(&hash) {
        Some(token) => token,
        None => {
            let token = read(engine, &hash).await?;
            rights.keep_token(reading, hash.clone(), token.clone());
            token
        }
    };
    if token.expires_at <= now.0 {
        return Err(Error::SignInRequired.into());
    }
    if token.noted_at.is_none_or(|last| now.0 - last >= USE_NOTED_EVERY_MS) && rights.used(token.id, &hash, now.0) {
        tokio::spawn(note_uses(engine.clone()));
    }
    Ok(token.actor)
}

/// A token that was not revoked, of an active account.
async fn read(engine: &Engine, hash: &str) -> Result<Token> {
    let found = engine.arrivals().tokens.run(engine.db(), TokenOf(hash.to_owned())).await?;
    let (token, person) = found.ok_or(Error::SignInRequired)?;
    if token.revoked_at.is_some() {
        return Err(Error::SignInRequired.into());
    }
    if !person.active {
        return Err(Error::Deactivated.into());
    }
    Ok(Token {
        id: token.token_id,
        actor: queries::actor(&person)?,
        expires_at: token.expires_at,
        noted_at: token.last_used_at,
    })
}

/// Notes the uses of many tokens at once, a moment after the first of them. Not worth failing a request over: what is not
/// written is logged, and the next minute's use tries again.
async fn note_uses(engine: Engine) {
    let rights = engine.db().rights();
    loop {
        tokio::time::sleep(NOTED_AFTER).await;
        let uses = rights.uses();
        let mut by_time: Vec<(i64, Uuid)> = uses.iter().map(|(token, at)| (*at, *token)).collect();
        by_time.sort();
        for chunk in by_time.chunks(TOKENS) {
            // To the second, not to the millisecond: one statement for all of them.
            let at = chunk.iter().map(|(at, _)| *at).min().unwrap_or_default();
            let tokens: Vec<Uuid> = chunk.iter().map(|(_, token)| *token).collect();
            let write = engine.db().write(move |tx| {
                Box::pin(async move {
                    token::Entity::update_many()
                        .col_expr(token::Column::LastUsedAt, Expr::value(at))
                        .filter(token::Column::Id.is_in(tokens))
                        .exec(tx)
                        .await?;
                    Ok(())
                })
            });
            if let Err(error) = write.await {
                tracing::warn!(?error, "noting the use of tokens");
            }
        }
        if !rights.wrote(&uses) {
            return;
        }
    }
}
