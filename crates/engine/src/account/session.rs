//! Browser sessions, opaque to the engine: it keeps what the server's session layer hands over, and ends it.

use super::arrival::SessionOf;
use super::entity::{session, token};
use super::{idempotency, rights, throttle};
use crate::Engine;
use crate::error::Result;
use domain::id::PersonId;
use domain::time::Millis;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Loads a session that has not expired.
pub async fn load(engine: &Engine, id: &str) -> Result<Option<(String, Millis)>> {
    let row = engine.arrivals().sessions.run(engine.db(), SessionOf(id.to_owned())).await?;
    let live = row.filter(|row| row.expires_at > engine.now().0);
    Ok(live.map(|row| (row.data, Millis(row.expires_at))))
}

/// Writes a session.
pub async fn save(engine: &Engine, id: String, data: String, expires: Millis, person: Option<PersonId>) -> Result<()> {
    let row = session::ActiveModel {
        id: Set(id),
        person_id: Set(person.map(|person| person.0)),
        data: Set(data),
        expires_at: Set(expires.0),
    };
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            let replace = OnConflict::column(session::Column::Id)
                .update_columns([session::Column::PersonId, session::Column::Data, session::Column::ExpiresAt])
                .to_owned();
            session::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
            Ok(())
        })
    });
    write.await
}

/// Ends a session.
pub async fn delete(engine: &Engine, id: String) -> Result<()> {
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            session::Entity::delete_by_id(id).exec(tx).await?;
            Ok(())
        })
    });
    write.await
}

/// Removes expired sessions, and with them failed sign-ins and remembered answers that are too old to matter.
pub async fn delete_expired(engine: &Engine) -> Result<()> {
    let now = engine.now();
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now.0)).exec(tx).await?;
            throttle::forget_old(tx, now).await?;
            idempotency::forget_old(tx, now).await
        })
    });
    write.await
}

/// Ends all sessions of a person.
pub(crate) async fn delete_of(db: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    session::Entity::delete_many().filter(session::Column::PersonId.eq(person)).exec(db).await?;
    Ok(())
}

/// Ends all tokens of a person.
pub(crate) async fn revoke_tokens_of(db: &impl ConnectionTrait, now: Millis, person: Uuid) -> Result<()> {
    rights::changed();
    token::Entity::update_many()
        .col_expr(token::Column::RevokedAt, Expr::value(now.0))
        .filter(token::Column::PersonId.eq(person))
        .filter(token::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}
