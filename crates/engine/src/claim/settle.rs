//! When an item's annotations are all there: the one place that finds out and moves it on.

use super::queries;
use crate::annotation::entity::annotation;
use crate::db::rows::in_powers;
use crate::error::Result;
use crate::item::entity::item;
use crate::item::queries::{advance, finish_all, state};
use domain::item::{ItemEvent, ItemState};
use domain::time::Millis;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// Moves an item on to `labeled` when nothing is missing any more: every slot of an open one is filled, every rework of
/// a returned one is done. An open item whose author took their annotation back waits for it as well. `row` is the item
/// as this transaction last wrote it, so that no one else can change it in between. Gives the new state if it moved.
pub(crate) async fn settle(db: &impl ConnectionTrait, row: &item::Model, now: Millis) -> Result<Option<ItemState>> {
    let event = match state(row)? {
        ItemState::Open if row.filled >= row.overlap => ItemEvent::Filled,
        ItemState::Rework => ItemEvent::Reworked,
        ItemState::Open | ItemState::Labeled | ItemState::InReview | ItemState::Accepted | ItemState::Void => {
            return Ok(None);
        }
    };
    // The only annotation of an open item with one slot was submitted just now: nobody can have taken it back.
    let alone = row.overlap == 1 && event == ItemEvent::Filled;
    if !alone && queries::waits_for_rework(db, row.id).await? {
        return Ok(None);
    }
    if row.overlap > 1 || row.batch_id.is_some() {
        let mut update = item::Entity::update_many()
            .col_expr(item::Column::BatchId, Expr::value(None::<Uuid>))
            .filter(item::Column::Id.eq(row.id));
        if row.overlap > 1 {
            update = update.col_expr(item::Column::Value, Expr::value(agreed(db, &[row.id]).await?.remove(&row.id)));
        }
        update.exec(db).await?;
    }
    advance(db, row, event, now).await.map(Some)
}

/// The same for items that had a slot filled just now, as this transaction wrote them.
pub(crate) async fn settle_filled(db: &impl ConnectionTrait, rows: &[item::Model], now: Millis) -> Result<()> {
    let mut full: Vec<&item::Model> = Vec::new();
    for row in rows {
        match state(row)? {
            ItemState::Open if row.filled >= row.overlap => full.push(row),
            ItemState::Open => {}
            // Nothing is filled in any other state; where it was all the same, the rules for one item say what becomes of it.
            _ => drop(settle(db, row, now).await?),
        }
    }
    let ids: Vec<Uuid> = full.iter().map(|row| row.id).collect();
    let waiting = queries::wait_for_rework(db, &ids).await?;
    full.retain(|row| !waiting.contains(&row.id));
    let ids: Vec<Uuid> = full.iter().map(|row| row.id).collect();
    let mut agreed = agreed(db, &ids).await?;
    let finished: Vec<_> = full.into_iter().map(|row| (row.id, row.project_id, agreed.remove(&row.id))).collect();
    finish_all(db, &finished, now).await
}

/// The values on which all authors of an item agree in their last counted revisions; items without agreement are absent.
async fn agreed(db: &impl ConnectionTrait, items: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let mut last: HashMap<Uuid, Vec<annotation::Model>> = HashMap::new();
    for part in in_powers(items) {
        let rows = annotation::Entity::find()
            .filter(annotation::Column::ItemId.is_in(part.iter().copied()))
            .filter(annotation::Column::Kind.eq("label"))
            .filter(annotation::Column::Counted.eq(true))
            .order_by_asc(annotation::Column::ItemId)
            .order_by_asc(annotation::Column::PersonId)
            .order_by_asc(annotation::Column::Revision)
            .all(db)
            .await?;
        for row in rows {
            let authors = last.entry(row.item_id).or_default();
            match authors.last_mut() {
                Some(before) if before.person_id == row.person_id => *before = row,
                _ => authors.push(row),
            }
        }
    }
    let mut values = HashMap::new();
    for (item, authors) in last {
        let mut meanings = Vec::new();
        for row in &authors {
            meanings.push(meaning(serde_json::from_str(&row.value)?));
        }
        let equal = meanings.windows(2).all(|pair| pair.first() == pair.last());
        if let Some(row) = authors.into_iter().next().filter(|_| equal) {
            values.insert(item, row.value);
        }
    }
    Ok(values)
}

/// A value without what differs between two people who mean the same: the ids that their browsers gave to regions, and
/// the order in which they drew them.
fn meaning(mut value: Value) -> Value {
    if let Value::Object(controls) = &mut value {
        for control in controls.values_mut() {
            let Value::Array(regions) = control else { continue };
            for region in regions.iter_mut() {
                if let Value::Object(fields) = region {
                    fields.remove("id");
                }
            }
            regions.sort_by_cached_key(Value::to_string);
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::meaning;
    use serde_json::json;

    #[test]
    fn region_ids_and_the_order_of_drawing_mean_nothing() {
        let one =
            json!({ "p": [{ "id": "a", "start": 0, "end": 1 }, { "id": "b", "start": 3, "end": 4 }], "c": ["x"] });
        let two =
            json!({ "p": [{ "id": "q", "start": 3, "end": 4 }, { "id": "r", "start": 0, "end": 1 }], "c": ["x"] });
        let other =
            json!({ "p": [{ "id": "a", "start": 0, "end": 2 }, { "id": "b", "start": 3, "end": 4 }], "c": ["x"] });
        assert_eq!(meaning(one.clone()), meaning(two));
        assert_ne!(meaning(one), meaning(other));
    }
}
