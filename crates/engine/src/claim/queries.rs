//! The SQL of the queue. Each statement reaches its rows by an index and costs the same however many items there are.
//!
//! Two habits keep it so on PostgreSQL, whose statistics are of last night when twenty thousand people come at half past
//! eight. What a row that is found by its key has to meet as well is said as `CASE WHEN … THEN TRUE END`: of that PostgreSQL
//! believes that half of all rows meet it. `state = 'live'` invites a walk through all of an index of live claims, of which there
//! were none at night; and of two or three such conditions it believes that one row in the table meets them, which it looks up
//! first, to compare what it found, tens of thousands, with each of the keys. And whether there is any row of some kind is asked
//! for in the order of its index: `EXISTS` may be answered from the whole table.
//!
//! A third is for SQLite, which makes no statistics at all: rows `v` that a statement is given name the row to be changed as
//! `id = coalesce(v.claim, v.claim)`. By `id = v.claim` it reads all of the table, and looks each row up among the given ones.

use super::entity::{claim, rework};
use crate::db::rows::{among, in_powers, insert_new, raw};
use crate::db::{Tx, skip_locked};
use crate::error::Result;
use crate::event::{self, Event};
use crate::item::entity::item;
use domain::time::Millis;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryResult, QuerySelect, Set, Value,
};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Who may not be handed an item again: the person has a slot of it, left it, or annotated it (imports bring annotations
/// without claims). The conditions on `c` are those of the index `claims_one_slot`, word for word. `OFFSET 0` keeps PostgreSQL
/// from turning the look-ups into joins: before its first statistics of a morning it then reads all claims of the person for
/// each candidate.
macro_rules! not_spent {
    () => {
        "NOT EXISTS (SELECT 1 FROM claims c WHERE c.item_id = i.id AND c.person_id = $2 AND c.kind = 'label' \
         AND c.state IN ('live', 'submitted', 'skipped') LIMIT 1 OFFSET 0) \
         AND NOT EXISTS (SELECT 1 FROM annotations a WHERE a.item_id = i.id AND a.person_id = $2 AND a.kind = 'label' \
         LIMIT 1 OFFSET 0)"
    };
}

/// Ready items in the order of work: for projects with one annotation an item, where nothing lies spent in the way.
pub(crate) const READY: &str = concat!(
    "SELECT i.id, i.lane, i.sort_key FROM items i WHERE i.project_id = $1 AND i.state = 'open' AND i.free > 0 AND ",
    not_spent!(),
    " ORDER BY i.lane, i.sort_key LIMIT $3"
);

/// Ready items of the front lane, where given-back slots lie, and of the usual lane from a person's cursor on: as many of
/// each.
pub(crate) const READY_BOTH: &str = concat!(
    "SELECT * FROM (SELECT i.id, i.lane, i.sort_key FROM items i WHERE i.project_id = $1 AND i.state = 'open' \
     AND i.free > 0 AND i.lane = 0 AND ",
    not_spent!(),
    " ORDER BY i.lane, i.sort_key LIMIT $3) \
     UNION ALL SELECT * FROM (SELECT i.id, i.lane, i.sort_key FROM items i WHERE i.project_id = $1 AND i.state = 'open' \
     AND i.free > 0 AND i.lane = 1 AND i.sort_key >= $4 AND ",
    not_spent!(),
    " ORDER BY i.lane, i.sort_key LIMIT $3)"
);

/// Ready items of the usual lane from a person's cursor on.
pub(crate) const READY_REST: &str = concat!(
    "SELECT i.id, i.lane, i.sort_key FROM items i WHERE i.project_id = $1 AND i.state = 'open' AND i.free > 0 \
     AND i.lane = 1 AND i.sort_key >= $4 AND ",
    not_spent!(),
    " ORDER BY i.lane, i.sort_key LIMIT $3"
);

/// The same for PostgreSQL in one go: the front lane from its beginning, then the usual lane from a place on. The rows it
/// finds are held until the transaction ends; what others hold at this moment is left out.
pub(crate) const READY_LANES: &str = concat!(
    "SELECT r.id, r.lane, r.sort_key \
     FROM (VALUES (0, '-9223372036854775808'::bigint), (1, $4::bigint)) AS l (lane, start) CROSS JOIN LATERAL \
     (SELECT i.id, i.lane, i.sort_key FROM items i WHERE i.project_id = $1 AND i.state = 'open' AND i.free > 0 \
     AND i.lane = l.lane AND i.sort_key >= l.start AND ",
    not_spent!(),
    " ORDER BY i.lane, i.sort_key LIMIT $3 FOR UPDATE SKIP LOCKED) r LIMIT $3"
);

/// An item that could be handed out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) id: Uuid,
    pub(crate) lane: i32,
    pub(crate) sort_key: i64,
}

/// Runs one of the ready queries.
pub(crate) async fn ready(
    db: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    for row in db.query_all_raw(raw(db, sql, values)).await? {
        candidates.push(Candidate {
            id: row.try_get_by_index(0)?,
            lane: row.try_get_by_index(1)?,
            sort_key: row.try_get_by_index(2)?,
        });
    }
    Ok(candidates)
}

/// The little of a claim that the queue decides by. Drafts can be megabytes: the queue never loads them.
#[derive(Debug, Clone)]
pub(crate) struct Brief {
    pub(crate) id: Uuid,
    pub(crate) item_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) rework_id: Option<Uuid>,
    pub(crate) expires_at: i64,
}

impl Brief {
    /// Of a whole row.
    pub(crate) fn of(row: &claim::Model) -> Self {
        Self {
            id: row.id,
            item_id: row.item_id,
            person_id: row.person_id,
            rework_id: row.rework_id,
            expires_at: row.expires_at,
        }
    }
}

/// Reads claims by a condition, without their drafts.
async fn briefs(db: &impl ConnectionTrait, tail: &str, values: Vec<Value>) -> Result<Vec<Brief>> {
    let sql = format!("SELECT id, item_id, person_id, rework_id, expires_at FROM claims WHERE {tail}");
    let mut found = Vec::new();
    for row in db.query_all_raw(raw(db, &sql, values)).await? {
        found.push(Brief {
            id: row.try_get_by_index(0)?,
            item_id: row.try_get_by_index(1)?,
            person_id: row.try_get_by_index(2)?,
            rework_id: row.try_get_by_index(3)?,
            expires_at: row.try_get_by_index(4)?,
        });
    }
    Ok(found)
}

/// Where a person stands in a project: all that handing out goes by.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// Their live claims in the order of work: rework first, then as taken.
    pub(crate) held: Vec<Brief>,
    /// Returned work waits for them.
    pub(crate) rework: bool,
    /// There are claims whose time is up; perhaps their own.
    pub(crate) lapsed: bool,
    /// How far they have walked the queue, where several annotate an item.
    pub(crate) cursor: i64,
}

impl Default for Standing {
    fn default() -> Self {
        Self { held: Vec::new(), rework: false, lapsed: false, cursor: i64::MIN }
    }
}

/// All of [`Standing`] in one go: by project, person, moment and epoch.
pub(crate) const STANDING: &str = "SELECT h.id, h.item_id, h.rework_id, h.expires_at, \
     EXISTS (SELECT 1 FROM reworks r WHERE r.person_id = $2 AND r.project_id = $1 AND r.state = 'open' \
     AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.rework_id = r.id AND c.state = 'live' \
     AND c.rework_id IS NOT NULL)), \
     coalesce((SELECT c.expires_at FROM claims c WHERE c.project_id = $1 AND c.state = 'live' \
     ORDER BY c.project_id, c.expires_at LIMIT 1) <= $3, FALSE), \
     (SELECT q.sort_key FROM cursors q WHERE q.project_id = $1 AND q.person_id = $2 AND q.epoch = $4) \
     FROM (SELECT 1 AS n) AS one \
     LEFT JOIN claims h ON h.person_id = $2 AND h.project_id = $1 AND h.state = 'live' \
     ORDER BY h.kind DESC, h.claimed_at, h.id";

/// Reads it.
pub(crate) async fn standing(
    db: &impl ConnectionTrait,
    project: Uuid,
    person: Uuid,
    epoch: i32,
    now: Millis,
) -> Result<Standing> {
    let values = [project.into(), person.into(), now.0.into(), epoch.into()];
    let mut standing = Standing::default();
    for row in db.query_all_raw(raw(db, STANDING, values)).await? {
        stand(&mut standing, person, 0, &row)?;
    }
    Ok(standing)
}

/// Takes in a row of [`STANDING`], whose columns begin at `from`.
pub(crate) fn stand(standing: &mut Standing, person: Uuid, from: usize, row: &QueryResult) -> Result<()> {
    standing.rework = row.try_get_by_index(from + 4)?;
    standing.lapsed = row.try_get_by_index(from + 5)?;
    standing.cursor = row.try_get_by_index::<Option<i64>>(from + 6)?.unwrap_or(i64::MIN);
    // One row without a claim where they hold none.
    if let Some(id) = row.try_get_by_index(from)? {
        standing.held.push(Brief {
            id,
            item_id: row.try_get_by_index(from + 1)?,
            person_id: person,
            rework_id: row.try_get_by_index(from + 2)?,
            expires_at: row.try_get_by_index(from + 3)?,
        });
    }
    Ok(())
}

/// Claims of other people whose time is up, the longest first.
const LAPSED: &str =
    "project_id = $1 AND state = 'live' AND expires_at <= $2 AND person_id <> $3 ORDER BY expires_at LIMIT $4";

/// The person's claims on an item that fill, hold or forbid a slot, with their states.
pub(crate) async fn slot_of(db: &impl ConnectionTrait, item: Uuid, person: Uuid) -> Result<Option<(Brief, String)>> {
    let tail = "item_id = $1 AND person_id = $2 AND kind = 'label' AND state IN ('live', 'submitted', 'skipped')";
    let Some(brief) = briefs(db, tail, vec![item.into(), person.into()]).await?.into_iter().next() else {
        return Ok(None);
    };
    let state = state_of(db, brief.id).await?;
    Ok(Some((brief, state)))
}

/// Open reworks of a person that nobody works on yet, the longest waiting first.
pub(crate) async fn waiting_reworks(
    db: &impl ConnectionTrait,
    project: Uuid,
    person: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, Uuid)>> {
    let sql = "SELECT r.id, r.item_id FROM reworks r WHERE r.person_id = $1 AND r.project_id = $2 AND r.state = 'open' \
               AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.rework_id = r.id AND c.state = 'live' \
               AND c.rework_id IS NOT NULL) ORDER BY r.returned_at, r.id LIMIT $3";
    let rows = db.query_all_raw(raw(db, sql, [person.into(), project.into(), limit.into()])).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Holds the items of these reworks until the transaction ends, and gives the reworks that are open then, in their order:
/// whoever ends returned work, because its item becomes void or its author was late, holds the item while they do. SQLite has
/// one writer, so that nothing ends meanwhile.
pub(crate) async fn hold_reworks(
    db: &impl ConnectionTrait,
    mut waiting: Vec<(Uuid, Uuid)>,
) -> Result<Vec<(Uuid, Uuid)>> {
    if db.get_database_backend() == DbBackend::Sqlite || waiting.is_empty() {
        return Ok(waiting);
    }
    let items: Vec<Uuid> = waiting.iter().map(|(_, item)| *item).collect();
    let (these, values) = among(db, &items);
    ids(db, &format!("SELECT id FROM items WHERE id{these} ORDER BY id FOR NO KEY UPDATE"), values).await?;
    // A statement of its own: it sees what was committed while this one waited.
    let reworks: Vec<Uuid> = waiting.iter().map(|(rework, _)| *rework).collect();
    let (these, values) = among(db, &reworks);
    let open =
        ids(db, &format!("SELECT id FROM reworks WHERE id{these} AND CASE WHEN state = 'open' THEN TRUE END"), values)
            .await?;
    waiting.retain(|(rework, _)| open.contains(rework));
    Ok(waiting)
}

/// A draft that the same person left on the same piece of work.
#[derive(Debug, Clone)]
pub(crate) struct Left {
    pub(crate) draft: String,
    pub(crate) active_ms: i64,
    pub(crate) saved_at: Option<i64>,
}

/// The last draft that a person left on an item, by the rework it was for (none for a first annotation).
pub(crate) async fn left_draft(
    db: &impl ConnectionTrait,
    item: Uuid,
    person: Uuid,
    rework: Option<Uuid>,
) -> Result<Option<Left>> {
    let sql = "SELECT draft, draft_active_ms, draft_saved_at, rework_id FROM claims WHERE item_id = $1 AND person_id = $2 \
               AND state IN ('expired', 'released') AND draft IS NOT NULL ORDER BY claimed_at DESC, id DESC";
    for row in db.query_all_raw(raw(db, sql, [item.into(), person.into()])).await? {
        let of: Option<Uuid> = row.try_get_by_index(3)?;
        if of == rework {
            let (draft, active_ms, saved_at) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            return Ok(Some(Left { draft, active_ms, saved_at }));
        }
    }
    Ok(None)
}

/// A new live claim.
#[derive(Clone)]
pub(crate) struct NewClaim {
    pub(crate) id: Uuid,
    pub(crate) project: Uuid,
    pub(crate) item: Uuid,
    pub(crate) person: Uuid,
    pub(crate) rework: Option<Uuid>,
    pub(crate) now: Millis,
    pub(crate) expires_at: Millis,
    pub(crate) left: Option<Left>,
}

/// Writes a claim. False when the person holds this piece of work already: another tab of theirs was faster.
pub(crate) async fn insert(db: &impl ConnectionTrait, new: NewClaim) -> Result<bool> {
    Ok(insert_all(db, vec![new]).await?.len() == 1)
}

/// Writes claims. Gives those that were written; of the others the person holds the work already.
pub(crate) async fn insert_all(db: &impl ConnectionTrait, new: Vec<NewClaim>) -> Result<Vec<Uuid>> {
    let rows = new.into_iter().map(|new| {
        let (draft, active_ms, saved_at) = match new.left {
            // The sequence begins anew: the browser that goes on with the draft counts for itself.
            Some(left) => (Some(left.draft), left.active_ms, left.saved_at),
            None => (None, 0, None),
        };
        claim::ActiveModel {
            id: Set(new.id),
            project_id: Set(new.project),
            item_id: Set(new.item),
            person_id: Set(new.person),
            kind: Set(if new.rework.is_some() { "rework" } else { "label" }.to_owned()),
            state: Set("live".to_owned()),
            claimed_at: Set(new.now.0),
            expires_at: Set(new.expires_at.0),
            draft: Set(draft),
            draft_sequence: Set(0),
            draft_active_ms: Set(active_ms),
            draft_saved_at: Set(saved_at),
            rework_id: Set(new.rework),
            submit_key: Set(None),
            request_hash: Set(None),
            ended_at: Set(None),
        }
    });
    Ok(insert_new(db, rows, |row| *row.id.as_ref()).await?)
}

/// Takes a slot of an item. False when there is none left.
pub(crate) async fn take_slot(db: &impl ConnectionTrait, item: Uuid) -> Result<bool> {
    Ok(take_slots(db, &[item]).await?.len() == 1)
}

/// Takes a slot of each of these items. Gives those that had one left.
pub(crate) async fn take_slots(db: &impl ConnectionTrait, items: &[Uuid]) -> Result<Vec<Uuid>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let (these, values) = among(db, items);
    let sql = format!(
        "UPDATE items SET free = free - 1 WHERE id{these} AND CASE WHEN state = 'open' AND free > 0 THEN TRUE END RETURNING id"
    );
    ids(db, &sql, values).await
}

async fn ids(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<Vec<Uuid>> {
    let rows = db.query_all_raw(raw(db, sql, values)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Gives a slot back; it goes to the front lane.
pub(crate) async fn give_slot(db: &impl ConnectionTrait, item: Uuid) -> Result<()> {
    let sql = "UPDATE items SET free = free + 1, lane = 0 WHERE id = $1";
    db.execute_raw(raw(db, sql, [item.into()])).await?;
    Ok(())
}

/// Reads an item and holds it until the transaction ends, so that what is decided by it stays true.
pub(crate) async fn lock_item(db: &impl ConnectionTrait, item: Uuid, now: Millis) -> Result<item::Model> {
    let rows = item::Entity::update_many()
        .col_expr(item::Column::UpdatedAt, Expr::value(now.0))
        .filter(item::Column::Id.eq(item))
        .exec_with_returning(db)
        .await?;
    Ok(rows.into_iter().next().ok_or_else(|| anyhow::anyhow!("item {item} is gone"))?)
}

/// Ends a live claim in this state and gives back what it held: a slot, or an author's own reopening. False when the
/// claim was not live any more.
pub(crate) async fn end(db: &impl ConnectionTrait, claim: &Brief, state: &'static str, now: Millis) -> Result<bool> {
    let sql = "UPDATE claims SET state = $2, ended_at = $3 WHERE id = $1 AND CASE WHEN state = 'live' THEN TRUE END";
    let ended = db.execute_raw(raw(db, sql, [claim.id.into(), state.into(), now.0.into()])).await?;
    if ended.rows_affected() != 1 {
        return Ok(false);
    }
    match claim.rework_id {
        None => give_slot(db, claim.item_id).await?,
        Some(rework) => cancel_own(db, rework, claim.item_id, now).await?,
    }
    Ok(true)
}

/// The state of a claim.
pub(crate) async fn state_of(db: &impl ConnectionTrait, claim: Uuid) -> Result<String> {
    let state: Option<String> =
        claim::Entity::find_by_id(claim).select_only().column(claim::Column::State).into_tuple().one(db).await?;
    Ok(state.ok_or_else(|| anyhow::anyhow!("claim {claim} is gone"))?)
}

/// An author who reopened their work and left it again did not change it: the annotation stands as it was, and the item
/// goes on. Returned work stays open.
async fn cancel_own(db: &impl ConnectionTrait, rework: Uuid, item: Uuid, now: Millis) -> Result<()> {
    let row = lock_item(db, item, now).await?;
    let sql = "UPDATE reworks SET state = 'done', done_at = $2 WHERE id = $1 AND state = 'open' AND own";
    if db.execute_raw(raw(db, sql, [rework.into(), now.0.into()])).await?.rows_affected() == 1 {
        super::settle::settle(db, &row, now).await?;
    }
    Ok(())
}

/// Takes back claims of other people whose time is up, at most `limit` of them. Those that somebody is working with at this
/// moment are left alone: a late submit, a heartbeat, or another who takes them back.
pub(crate) async fn take_back(db: &Tx, project: Uuid, except: Uuid, now: Millis, limit: i64) -> Result<()> {
    // All claims are held before the first item is touched, and items are touched by their ids.
    let held = format!("{LAPSED}{}", skip_locked(db));
    let mut lapsed = briefs(db, &held, vec![project.into(), now.0.into(), except.into(), limit.into()]).await?;
    lapsed.sort_by_key(|claim| claim.item_id);
    for claim in lapsed {
        expire(db, project, &claim, now, "claim.expired").await?;
    }
    Ok(())
}

async fn expire(
    db: &impl ConnectionTrait,
    project: Uuid,
    claim: &Brief,
    now: Millis,
    kind: &'static str,
) -> Result<()> {
    if end(db, claim, "expired", now).await? {
        let data = json!({ "claim": claim.id, "holder": claim.person_id });
        let deed = Event { person: None, project: Some(project), item: Some(claim.item_id), kind, data };
        event::record(db, now, deed).await?;
    }
    Ok(())
}

/// Ends everything under way on an item that is about to become void: claims are taken back (a late submit is kept as an
/// extra), and returned work no longer waits.
pub(crate) async fn clear_item(db: &impl ConnectionTrait, project: Uuid, item: Uuid, now: Millis) -> Result<()> {
    // Reworks first, so that ending an author's own reopening moves nothing.
    let open: Vec<Uuid> = rework::Entity::find()
        .select_only()
        .column(rework::Column::Id)
        .filter(rework::Column::ItemId.eq(item))
        .filter(rework::Column::State.eq("open"))
        .into_tuple()
        .all(db)
        .await?;
    rework::Entity::update_many()
        .col_expr(rework::Column::State, Expr::value("done"))
        .col_expr(rework::Column::DoneAt, Expr::value(now.0))
        .filter(rework::Column::Id.is_in(open.iter().copied()))
        .exec(db)
        .await?;
    let tail = "item_id = $1 AND kind = 'label' AND state IN ('live', 'submitted', 'skipped') AND state = 'live'";
    let mut live = briefs(db, tail, vec![item.into()]).await?;
    for rework in open {
        let tail = "rework_id = $1 AND state = 'live' AND rework_id IS NOT NULL";
        live.extend(briefs(db, tail, vec![rework.into()]).await?);
    }
    for claim in live {
        expire(db, project, &claim, now, "claim.withdrawn").await?;
    }
    Ok(())
}

/// Remembers how far the person has walked.
pub(crate) async fn set_cursor(
    db: &impl ConnectionTrait,
    project: Uuid,
    person: Uuid,
    epoch: i32,
    sort_key: i64,
) -> Result<()> {
    let sql = "INSERT INTO cursors (project_id, person_id, epoch, sort_key) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (project_id, person_id) DO UPDATE SET epoch = excluded.epoch, sort_key = excluded.sort_key";
    db.execute_raw(raw(db, sql, [project.into(), person.into(), epoch.into(), sort_key.into()])).await?;
    Ok(())
}

/// The last sort key of the usual lane that is ready now.
pub(crate) async fn last_ready(db: &impl ConnectionTrait, project: Uuid) -> Result<Option<i64>> {
    let sql = "SELECT i.sort_key FROM items i WHERE i.project_id = $1 AND i.state = 'open' AND i.free > 0 AND i.lane = 1 \
               ORDER BY i.lane DESC, i.sort_key DESC LIMIT 1";
    let row = db.query_one_raw(raw(db, sql, [project.into()])).await?;
    row.map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}

/// The first sort key from this one on of the usual lane that is ready now, for whomever.
pub(crate) async fn first_ready(db: &impl ConnectionTrait, project: Uuid, from: i64) -> Result<Option<i64>> {
    let sql = "SELECT i.sort_key FROM items i WHERE i.project_id = $1 AND i.state = 'open' AND i.free > 0 AND i.lane = 1 \
               AND i.sort_key >= $2 ORDER BY i.lane, i.sort_key LIMIT 1";
    let row = db.query_one_raw(raw(db, sql, [project.into(), from.into()])).await?;
    row.map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}

/// Does the item wait for rework?
pub(crate) async fn waits_for_rework(db: &impl ConnectionTrait, item: Uuid) -> Result<bool> {
    let found: Option<Uuid> = rework::Entity::find()
        .select_only()
        .column(rework::Column::Id)
        .filter(rework::Column::ItemId.eq(item).and(rework::Column::State.eq("open")))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Which of these items do?
pub(crate) async fn wait_for_rework(db: &impl ConnectionTrait, items: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut waiting = HashSet::new();
    for part in in_powers(items) {
        let found: Vec<Uuid> = rework::Entity::find()
            .select_only()
            .column(rework::Column::ItemId)
            .filter(rework::Column::ItemId.is_in(part.iter().copied()).and(rework::Column::State.eq("open")))
            .into_tuple()
            .all(db)
            .await?;
        waiting.extend(found);
    }
    Ok(waiting)
}
