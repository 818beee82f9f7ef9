//! Moves of items between states, with the counts that screens read, and rows read as views.

use super::entity::item;
use crate::db::later;
use crate::db::rows::{in_parts, raw, with};
use crate::error::Result;
use domain::error::Conflict;
use domain::id::{BatchId, ItemId};
use domain::item::{ItemData, ItemEvent, ItemRow, ItemState, ItemView};
use domain::time::Millis;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Value};
use std::collections::{BTreeMap, HashSet};
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
    moved(db, row.project_id, (old, new), 1).await?;
    Ok(new)
}

/// Fills the only slot of an open item and moves it on, in one step. False where the item is not that simple; nothing is
/// written then.
pub(crate) async fn complete(
    db: &impl ConnectionTrait,
    project: Uuid,
    item: Uuid,
    value: &str,
    now: Millis,
) -> Result<bool> {
    let old = ItemState::Open;
    let new = old.apply(ItemEvent::Filled).ok_or(Conflict::Changed)?;
    let sql = "UPDATE items SET filled = 1, value = $2, state = $3, finished_at = $4, updated_at = $4 \
               WHERE id = $1 AND CASE WHEN state = $5 AND overlap = 1 AND filled = 0 AND batch_id IS NULL THEN TRUE END";
    let values = [item.into(), value.into(), new.code().into(), now.0.into(), old.code().into()];
    let done = db.execute_raw(raw(db, sql, values)).await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    moved(db, project, (old, new), 1).await?;
    Ok(true)
}

/// Fills the only slots of the items of the rows `v (item, stored, at, new, old)` and moves them on.
pub(crate) const COMPLETE: &str = "UPDATE items SET filled = 1, value = v.stored, state = v.new, finished_at = v.at, \
     updated_at = v.at FROM v WHERE items.id = coalesce(v.item, v.item) AND CASE WHEN items.state = v.old AND items.overlap = 1 \
     AND items.filled = 0 AND items.batch_id IS NULL THEN TRUE END RETURNING id";

/// The same for many items: project, item, value, moment. Gives the items that it was done to.
pub(crate) async fn complete_all(
    db: &impl ConnectionTrait,
    items: &[(Uuid, Uuid, &str, Millis)],
) -> Result<HashSet<Uuid>> {
    let old = ItemState::Open;
    let new = old.apply(ItemEvent::Filled).ok_or(Conflict::Changed)?;
    let mut done: HashSet<Uuid> = HashSet::new();
    for part in in_parts(db, items) {
        let rows = part.iter().map(|(_, item, value, now)| [(*item).into(), (*value).into(), now.0.into()]);
        let rows = rows.map(|[item, stored, at]| [item, stored, at, new.code().into(), old.code().into()]);
        let (sql, values) = with(db, ["item", "stored", "at", "new", "old"], rows);
        let rows = db.query_all_raw(raw(db, &(sql + COMPLETE), values)).await?;
        for row in rows {
            done.insert(row.try_get_by_index(0)?);
        }
    }
    moved_many(db, items.iter().filter(|(_, item, ..)| done.contains(item)).map(|one| one.0), (old, new)).await?;
    Ok(done)
}

/// Moves open items whose last slot was filled on: item, project, the value on which all agree, moment. Refuses with
/// `Changed` when one of them is not open any more.
pub(crate) async fn finish_all(
    db: &impl ConnectionTrait,
    items: &[(Uuid, Uuid, Option<String>)],
    now: Millis,
) -> Result<()> {
    let old = ItemState::Open;
    let new = old.apply(ItemEvent::Filled).ok_or(Conflict::Changed)?;
    for part in in_parts(db, items) {
        let rows = part.iter().map(|(item, _, value)| [(*item).into(), value.clone().into()]);
        let (sql, mut values) = with(db, ["item", "agreed"], rows);
        let [at, to, from] = std::array::from_fn(|n| values.len() + n + 1);
        let sql = sql
            + &format!(
                "UPDATE items SET value = v.agreed, batch_id = NULL, state = ${to}, finished_at = ${at}, \
                 updated_at = ${at} FROM v WHERE items.id = coalesce(v.item, v.item) AND CASE WHEN items.state = ${from} THEN TRUE END"
            );
        values.extend([now.0.into(), new.code().into(), old.code().into()]);
        let done = db.execute_raw(raw(db, &sql, values)).await?;
        if usize::try_from(done.rows_affected()).ok() != Some(part.len()) {
            return Err(Conflict::Changed.into());
        }
    }
    moved_many(db, items.iter().map(|one| one.1), (old, new)).await
}

/// Counts one item for each project named, as often as it is named.
async fn moved_many(
    db: &impl ConnectionTrait,
    projects: impl Iterator<Item = Uuid>,
    states: (ItemState, ItemState),
) -> Result<()> {
    let mut counts: BTreeMap<Uuid, i64> = BTreeMap::new();
    for project in projects {
        *counts.entry(project).or_default() += 1;
    }
    for (project, count) in counts {
        moved(db, project, states, count).await?;
    }
    Ok(())
}

/// Applies an event to many items of a project that were all read in one state. Refuses with `Changed` when the move is
/// not allowed or any of them was moved in between; the caller's transaction then leaves nothing behind.
pub(crate) async fn advance_many(
    db: &impl ConnectionTrait,
    project: Uuid,
    items: &[Uuid],
    old: ItemState,
    event: ItemEvent,
    now: Millis,
) -> Result<ItemState> {
    let new = old.apply(event).ok_or(Conflict::Changed)?;
    let mut moved = 0_i64;
    for chunk in items.chunks(500) {
        let mut update = item::Entity::update_many()
            .col_expr(item::Column::State, Expr::value(new.code()))
            .col_expr(item::Column::UpdatedAt, Expr::value(now.0))
            .filter(item::Column::Id.is_in(chunk.iter().copied()))
            .filter(item::Column::ProjectId.eq(project))
            .filter(item::Column::State.eq(old.code()));
        if new == ItemState::Labeled {
            update = update.col_expr(item::Column::FinishedAt, Expr::value(now.0));
        }
        let affected = update.exec(db).await?.rows_affected;
        if usize::try_from(affected).ok() != Some(chunk.len()) {
            return Err(Conflict::Changed.into());
        }
        moved = moved.saturating_add(i64::try_from(affected).unwrap_or(i64::MAX));
    }
    if moved > 0 {
        self::moved(db, project, (old, new), moved).await?;
    }
    Ok(new)
}

/// Counts items that went from one state to another, at the end of the write that they moved in.
async fn moved(db: &impl ConnectionTrait, project: Uuid, (old, new): (ItemState, ItemState), items: i64) -> Result<()> {
    let is_left = later::leave(|later| {
        later.count(project, old, -items);
        later.count(project, new, items);
    });
    if is_left { Ok(()) } else { count(db, project, vec![(old, -items), (new, items)]).await }
}

/// Parts of a count on PostgreSQL: more than transactions that are between this and their commit at one moment.
const SHARDS: i32 = 16;

/// Adds to a project's counts of items by state, each state once, now: whoever looks whether a project has items at all,
/// within this write or the next one of its group, has to find them. The last locks but figures that a write takes: what comes
/// after would make others wait.
pub(crate) async fn count(db: &impl ConnectionTrait, project: Uuid, mut deltas: Vec<(ItemState, i64)>) -> Result<()> {
    if deltas.iter().all(|(_, delta)| *delta == 0) {
        return Ok(());
    }
    let shard = if db.get_database_backend() == DbBackend::Postgres { rand::random_range(0..SHARDS) } else { 0 };
    deltas.sort_by_key(|(state, _)| state.code());
    let mut sql = "INSERT INTO project_counts (project_id, shard, state, n) VALUES ".to_owned();
    let mut values: Vec<Value> = vec![project.into(), shard.into()];
    for (at, (state, delta)) in deltas.into_iter().enumerate() {
        let n = 3 + 2 * at;
        let comma = if at == 0 { "" } else { ", " };
        sql.push_str(&format!("{comma}($1, $2, ${n}, ${})", n + 1));
        values.extend([state.code().into(), delta.into()]);
    }
    sql.push_str(" ON CONFLICT (project_id, state, shard) DO UPDATE SET n = project_counts.n + excluded.n");
    db.execute_raw(raw(db, &sql, values)).await?;
    Ok(())
}

/// Reads a stored state.
pub(crate) fn state(row: &item::Model) -> Result<ItemState> {
    Ok(ItemState::parse(&row.state).ok_or_else(|| anyhow::anyhow!("item {} has state {}", row.id, row.state))?)
}

/// Reads what an item holds; an image's URL is filled in.
pub(crate) fn data(row: &item::Model) -> Result<ItemData> {
    stored_data(row.id, &row.data)
}

/// The same from what is stored of it.
pub(crate) fn stored_data(item: Uuid, data: &str) -> Result<ItemData> {
    let mut data: ItemData = serde_json::from_str(data)?;
    if let ItemData::Image(image) = &mut data {
        image.url = format!("/media/items/{item}");
    }
    Ok(data)
}

/// An item as people see it.
pub(crate) fn view(row: &item::Model) -> Result<ItemView> {
    Ok(ItemView {
        id: ItemId(row.id),
        key: row.key.clone(),
        data: data(row)?,
        meta: serde_json::from_str(&row.meta)?,
        state: state(row)?,
    })
}

/// An item as lists show it.
pub(crate) fn row_view(row: &item::Model) -> Result<ItemRow> {
    let whole = |n: i32| u32::try_from(n).unwrap_or_default();
    Ok(ItemRow {
        item: view(row)?,
        annotations: whole(row.filled),
        overlap: whole(row.overlap),
        batch: row.batch_id.map(BatchId),
        updated_at: Millis(row.updated_at),
    })
}
