//! Moves of items between states, with the counts that screens read.

use super::entity::item;
use crate::error::Result;
use domain::error::Conflict;
use domain::item::{ItemEvent, ItemState};
use domain::time::Millis;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};
use uuid::Uuid;

/// Applies an event to an item whose state was read before. Refuses with `Changed` when the move is not allowed or
/// somebody moved the item in between.
pub(crate) async fn advance(
    db: &impl ConnectionTrait,
    row: &item::Model,
    event: ItemEvent,
    now: Millis,
) -> Result<ItemState> {
    let old = ItemState::parse(&row.state).ok_or_else(|| anyhow::anyhow!("item {} has state {}", row.id, row.state))?;
    let new = old.apply(event).ok_or(Conflict::Changed)?;
    let mut update = item::Entity::update_many()
        .col_expr(item::Column::State, Expr::value(new.code()))
        .col_expr(item::Column::UpdatedAt, Expr::value(now.0))
        .filter(item::Column::Id.eq(row.id))
        .filter(item::Column::State.eq(old.code()));
    if new == ItemState::Labeled {
        update = update.col_expr(item::Column::FinishedAt, Expr::value(now.0));
    }
    if update.exec(db).await?.rows_affected != 1 {
        return Err(Conflict::Changed.into());
    }
    count(db, row.project_id, old, -1).await?;
    count(db, row.project_id, new, 1).await?;
    Ok(new)
}

/// Adds to a project's count of items in a state.
pub(crate) async fn count(db: &impl ConnectionTrait, project: Uuid, state: ItemState, delta: i64) -> Result<()> {
    let sql = "INSERT INTO project_counts (project_id, state, n) VALUES ($1, $2, $3) \
               ON CONFLICT (project_id, state) DO UPDATE SET n = project_counts.n + excluded.n";
    let values = [project.into(), state.code().into(), delta.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(())
}
