//! Remembered answers to writes that may be repeated, for the REST interface. Submits have keys of their own.

use super::entity::idempotency;
use crate::Ctx;
use crate::error::Result;
use domain::error::Conflict;
use domain::time::Millis;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// How long an answer is remembered.
const REMEMBERED_MS: i64 = 24 * 3_600_000;

/// The answer that the caller was given under this key: status and body. Refuses a key that came with another request.
pub async fn lookup(ctx: &Ctx, key: &str, request_hash: &str) -> Result<Option<(u16, String)>> {
    let row = idempotency::Entity::find_by_id(own(ctx, key)).one(ctx.read()).await?;
    let Some(row) = row.filter(|row| row.created_at > ctx.now().0 - REMEMBERED_MS) else { return Ok(None) };
    if row.request_hash != request_hash {
        return Err(Conflict::KeyReused.into());
    }
    Ok(Some((u16::try_from(row.status).unwrap_or(200), row.response)))
}

/// Remembers an answer; the first one under a key stays.
pub async fn remember(ctx: &Ctx, key: &str, request_hash: String, status: u16, response: String) -> Result<()> {
    let row = idempotency::ActiveModel {
        key: Set(own(ctx, key)),
        request_hash: Set(request_hash),
        status: Set(i32::from(status)),
        response: Set(response),
        created_at: Set(ctx.now().0),
    };
    let old = ctx.now().0 - REMEMBERED_MS;
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            let key = row.key.clone().take().unwrap_or_default();
            idempotency::Entity::delete_many()
                .filter(idempotency::Column::Key.eq(key))
                .filter(idempotency::Column::CreatedAt.lte(old))
                .exec(tx)
                .await?;
            let first = OnConflict::column(idempotency::Column::Key).do_nothing().to_owned();
            idempotency::Entity::insert(row).on_conflict(first).exec_without_returning(tx).await?;
            Ok(())
        })
    });
    write.await
}

/// Forgets answers that are old enough.
pub(super) async fn forget_old(db: &impl ConnectionTrait, now: Millis) -> Result<()> {
    let old = idempotency::Column::CreatedAt.lte(now.0 - REMEMBERED_MS);
    idempotency::Entity::delete_many().filter(old).exec(db).await?;
    Ok(())
}

/// Two people may choose the same key.
fn own(ctx: &Ctx, key: &str) -> String {
    format!("{}:{key}", ctx.actor().person)
}
