//! Adding a group of records to a project, in the caller's transaction.

use crate::account::rights;
use crate::db::Tx;
use crate::db::rows::insert_new;
use crate::error::Result;
use crate::item::entity::item;
use crate::item::queries;
use crate::project::entity::project;
use domain::Error;
use domain::error::Noun;
use domain::item::{ItemData, ItemState};
use domain::project::{Order, Settings};
use domain::time::Millis;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::{Map, Value};
use std::collections::HashSet;
use uuid::Uuid;

/// A record to be added.
#[derive(Debug, Clone)]
pub(crate) struct NewItem {
    /// The uploader's key; one is made from the project's count when absent.
    pub(crate) key: Option<String>,
    /// What it holds.
    pub(crate) data: ItemData,
    /// The uploader's metadata.
    pub(crate) meta: Map<String, Value>,
    /// Where it stands already; open for everything but the product's own exports.
    pub(crate) standing: Standing,
}

/// Where a new item stands.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// Its state.
    pub(crate) state: ItemState,
    /// Slots that are filled.
    pub(crate) filled: i32,
    /// The agreed value.
    pub(crate) value: Option<String>,
    /// When its last slot was filled.
    pub(crate) finished_at: Option<Millis>,
}

impl Default for Standing {
    fn default() -> Self {
        Self { state: ItemState::Open, filled: 0, value: None, finished_at: None }
    }
}

impl NewItem {
    /// An open item.
    pub(crate) fn open(key: Option<String>, data: ItemData, meta: Map<String, Value>) -> Self {
        Self { key, data, meta, standing: Standing::default() }
    }
}

/// What two items have in common that are the same content.
pub(crate) fn content_hash(data: &ItemData) -> String {
    match data {
        // Half of a BLAKE3: this is an index of every item, and 128 bits keep ten million apart.
        ItemData::Text(text) => blake3::hash(text.as_bytes()).to_hex().chars().take(32).collect(),
        ItemData::Image(image) => image.sha256.clone(),
    }
}

/// Adds records in their order. The answer has the new item's id for each record, or nothing where a record has the key
/// or the content of an item that is there already (or of an earlier record).
pub(crate) async fn insert(
    tx: &Tx,
    now: Millis,
    project: Uuid,
    import: Option<Uuid>,
    records: Vec<NewItem>,
) -> Result<Vec<Option<Uuid>>> {
    // The update comes first: it holds the project's row, so that ordinals are given out once.
    let count = i64::try_from(records.len()).unwrap_or(i64::MAX);
    project::Entity::update_many()
        .col_expr(project::Column::NextOrdinal, Expr::col(project::Column::NextOrdinal).add(count))
        .filter(project::Column::Id.eq(project))
        .exec(tx)
        .await?;
    let row = project::Entity::find_by_id(project).one(tx).await?.ok_or(Error::NotFound(Noun::Project))?;
    let settings: Settings = serde_json::from_str(&row.settings)?;
    let first = row.next_ordinal - count;
    let taken = taken_keys(tx, project, first, &records).await?;
    let mut models = Vec::with_capacity(records.len());
    for (record, ordinal) in records.into_iter().zip(first..) {
        models.push(model(record, ordinal, &settings, project, import, now, &taken)?);
    }

    let wanted: Vec<(Uuid, Option<ItemState>)> =
        models.iter().map(|row| (row.id, ItemState::parse(&row.state))).collect();
    let rows = models.into_iter().map(IntoActiveModel::into_active_model);
    // What breaks neither uniqueness, of keys or of content.
    let added = insert_new(tx, rows, |row: &item::ActiveModel| *row.id.as_ref()).await?;
    let added: HashSet<Uuid> = added.into_iter().collect();
    let mut ids = Vec::with_capacity(wanted.len());
    let mut by_state: Vec<(ItemState, i64)> = Vec::new();
    for (id, state) in wanted {
        let is_new = added.contains(&id);
        ids.push(is_new.then_some(id));
        if let Some(state) = state.filter(|_| is_new) {
            match by_state.iter_mut().find(|(known, _)| *known == state) {
                Some((_, n)) => *n += 1,
                None => by_state.push((state, 1)),
            }
        }
    }
    let is_new = !by_state.is_empty();
    queries::count(tx, project, by_state).await?;

    if settings.order == Order::Random && is_new {
        // New items fall before places that people's cursors have passed: they walk anew.
        rights::changed();
        project::Entity::update_many()
            .col_expr(project::Column::QueueEpoch, Expr::col(project::Column::QueueEpoch).add(1))
            .filter(project::Column::Id.eq(project))
            .exec(tx)
            .await?;
    }
    Ok(ids)
}

/// The key of a record that came without one.
fn made_key(ordinal: i64) -> String {
    format!("#{ordinal:06}")
}

/// Of the keys that may be made for this group, those that some uploader has used.
async fn taken_keys(tx: &Tx, project: Uuid, first: i64, records: &[NewItem]) -> Result<HashSet<String>> {
    let made: Vec<String> =
        records.iter().zip(first..).filter(|(record, _)| record.key.is_none()).map(|(_, n)| made_key(n)).collect();
    if made.is_empty() {
        return Ok(HashSet::new());
    }
    let stored: Vec<String> = item::Entity::find()
        .select_only()
        .column(item::Column::Key)
        .filter(item::Column::ProjectId.eq(project))
        .filter(item::Column::Key.is_in(made))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(stored.into_iter().chain(records.iter().filter_map(|record| record.key.clone())).collect())
}

fn model(
    record: NewItem,
    ordinal: i64,
    settings: &Settings,
    project: Uuid,
    import: Option<Uuid>,
    now: Millis,
    taken: &HashSet<String>,
) -> Result<item::Model> {
    let content_hash = content_hash(&record.data);
    let key = record.key.unwrap_or_else(|| {
        let made = made_key(ordinal);
        if taken.contains(&made) { format!("{made}-{}", content_hash.get(..8).unwrap_or_default()) } else { made }
    });
    let sort_key = match settings.order {
        Order::Imported => ordinal,
        Order::Random => shuffled(project, &key),
    };
    let Standing { state, filled, value, finished_at } = record.standing;
    // An item that is complete wants what it has; an open one what the project wants, or more where it has more.
    let overlap = match state {
        ItemState::Open | ItemState::Void => Ord::max(filled, i32::from(settings.overlap)),
        ItemState::Labeled | ItemState::InReview | ItemState::Rework | ItemState::Accepted => filled,
    };
    // It came from a project that wanted more.
    let is_complete = state == ItemState::Open && filled > 0 && filled == overlap;
    let finished_at = finished_at.or(is_complete.then_some(now));
    Ok(item::Model {
        id: Uuid::now_v7(),
        project_id: project,
        key,
        content_hash,
        data: serde_json::to_string(&record.data)?,
        meta: serde_json::to_string(&record.meta)?,
        state: if is_complete { ItemState::Labeled } else { state }.code().to_owned(),
        overlap,
        filled,
        free: overlap - filled,
        lane: 1,
        sort_key,
        batch_id: None,
        value,
        finished_at: finished_at.map(|at| at.0),
        import_id: import,
        created_at: now.0,
        updated_at: now.0,
    })
}

/// A place in a shuffle that stays the same: by project and key, never negative.
fn shuffled(project: Uuid, key: &str) -> i64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(project.as_bytes()).update(key.as_bytes());
    let mut first = [0_u8; 8];
    first.iter_mut().zip(hasher.finalize().as_bytes()).for_each(|(to, from)| *to = *from);
    i64::from_be_bytes(first) & i64::MAX
}
