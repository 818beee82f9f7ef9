//! Asking for work by many people.
//!
//! All that a project's askers lack is looked for in one walk along its ready list. Who stood on an item before is read for
//! all items of the walk at once, so that each asker gets the first items that are left for them.

use crate::Ctx;
use crate::claim::queries::{self, Brief, NewClaim, Standing};
use crate::claim::take::{self, is_to_be_remembered, lease, take_in};
use crate::db::joint::Deed;
use crate::db::rows::{among, in_parts, raw, with};
use crate::db::{Db, Tx, all_at_a_time};
use crate::error::Result;
use crate::project::access::Project;
use domain::claim::HOLD_MAX;
use domain::error::Conflict;
use domain::project::Status;
use sea_orm::{ConnectionTrait, DbBackend};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Ready items that are looked at beyond those that are lacking, since some askers stood on some before.
const SPARE: usize = 32;

/// A call for work by somebody who may work there.
#[derive(Clone)]
pub(crate) struct Take {
    pub(crate) ctx: Ctx,
    pub(crate) project: Arc<Project>,
    pub(crate) wanted: usize,
    /// Nothing of the usual lane is ready before it.
    pub(crate) front: i64,
}

impl Take {
    fn key(&self) -> (Uuid, Uuid) {
        (self.project.row.id, self.ctx.person())
    }
}

impl Deed for Take {
    type Answer = Vec<Uuid>;

    fn lane(&self) -> Uuid {
        self.project.row.id
    }

    async fn together(db: Db, deeds: Arc<[Self]>) -> Result<Vec<Option<Vec<Uuid>>>> {
        db.write(move |tx| Box::pin(async move { take(tx, &deeds).await })).await
    }

    async fn alone(self, db: Db) -> Result<Vec<Uuid>> {
        db.write(move |tx| {
            Box::pin(async move { take_in(tx, &self.ctx, &self.project, self.wanted, self.front).await })
        })
        .await
    }
}

/// An asker who lacks something.
struct Asker<'a> {
    at: usize,
    take: &'a Take,
    cursor: i64,
    /// What they hold, and are given.
    given: Vec<Uuid>,
    missing: usize,
}

async fn take(tx: &Tx, deeds: &[Take]) -> Result<Vec<Option<Vec<Uuid>>>> {
    let mut answers: Vec<Option<Vec<Uuid>>> = deeds.iter().map(|_| None).collect();
    // One of each person in a project; their other tab comes after it, alone.
    let mut first: BTreeMap<(Uuid, Uuid), usize> = BTreeMap::new();
    for (at, deed) in deeds.iter().enumerate() {
        first.entry(deed.key()).or_insert(at);
    }
    let first: Vec<(usize, &Take)> = first.into_values().filter_map(|at| Some((at, deeds.get(at)?))).collect();
    let things: Vec<Vec<u8>> = first.iter().map(|(_, take)| take::door(&take.project, take.ctx.person())).collect();
    all_at_a_time(tx, &things).await?;
    let mut standings = standings(tx, &first).await?;
    let ends = first_ends(tx, first.iter().map(|(_, take)| take.project.row.id).collect()).await?;
    let mut stale: Vec<(&Take, Uuid)> = Vec::new();
    let mut by_project: BTreeMap<Uuid, Vec<Asker<'_>>> = BTreeMap::new();
    let mut looking: HashSet<Uuid> = HashSet::new();
    for (at, deed) in first {
        let Some(standing) = standings.remove(&at) else { continue };
        let Standing { held, rework, cursor, .. } = standing;
        // The caller's own among them are theirs, which they find when they ask alone.
        let lapsed = ends.get(&deed.project.row.id).is_some_and(|end| *end <= deed.ctx.now().0);
        let missing = deed.wanted.saturating_sub(held.len());
        let is_open = deed.project.status == Status::Open;
        // One of them takes back what has lapsed. Returned work goes its own way.
        let takes_back = lapsed && missing > 0 && looking.insert(deed.project.row.id);
        if is_open && (takes_back || (rework && held.len() < HOLD_MAX as usize)) {
            continue;
        }
        let given: Vec<&Brief> = held.iter().take(deed.wanted).collect();
        let fresh = take::fresh(deed.ctx.now(), &deed.project);
        stale.extend(given.iter().filter(|claim| claim.expires_at <= fresh.0).map(|claim| (deed, claim.id)));
        let given = given.into_iter().map(|claim| claim.id).collect();
        if is_open && missing > 0 {
            let asker = Asker { at, take: deed, cursor, given, missing };
            by_project.entry(deed.project.row.id).or_default().push(asker);
        } else {
            set(&mut answers, at, given);
        }
    }
    take::prolong(tx, stale.into_iter().map(|(deed, claim)| (claim, &deed.ctx, &*deed.project)).collect()).await?;
    for askers in by_project.into_values() {
        for (at, given) in hand_out(tx, askers).await? {
            set(&mut answers, at, given);
        }
    }
    Ok(answers)
}

fn set(answers: &mut [Option<Vec<Uuid>>], at: usize, given: Vec<Uuid>) {
    if let Some(answer) = answers.get_mut(at) {
        *answer = Some(given);
    }
}

/// When the first live claim of each of these projects ends.
///
/// Asked for in the order of an index: whether there is one that has ended would be answered, by statistics that are late,
/// from the whole table.
async fn first_ends(tx: &Tx, projects: BTreeSet<Uuid>) -> Result<HashMap<Uuid, i64>> {
    let projects: Vec<Uuid> = projects.into_iter().collect();
    let mut ends = HashMap::new();
    for part in in_parts(tx, &projects) {
        let (sql, values) = with(tx, ["project"], part.iter().map(|project| [(*project).into()]));
        let sql = sql
            + "SELECT v.project, (SELECT c.expires_at FROM claims c WHERE c.project_id = v.project AND c.state = 'live' \
               ORDER BY c.project_id, c.expires_at LIMIT 1) FROM v";
        for row in tx.query_all_raw(raw(tx, &sql, values)).await? {
            if let Some(end) = row.try_get_by_index(1)? {
                ends.insert(row.try_get_by_index(0)?, end);
            }
        }
    }
    Ok(ends)
}

/// Where these people stand, by their place; what has lapsed is not looked for.
async fn standings(tx: &Tx, takes: &[(usize, &Take)]) -> Result<HashMap<usize, Standing>> {
    let mut found: HashMap<usize, Standing> = HashMap::new();
    for part in in_parts(tx, takes) {
        let rows = part.iter().map(|(at, take)| {
            let n = i64::try_from(*at).unwrap_or(i64::MAX);
            let (project, person) = take.key();
            [n.into(), project.into(), person.into(), take.project.row.queue_epoch.into()]
        });
        let (sql, values) = with(tx, ["n", "project", "person", "epoch"], rows);
        let sql = sql
            + "SELECT v.n, h.id, h.item_id, h.rework_id, h.expires_at, \
               EXISTS (SELECT 1 FROM reworks r WHERE r.person_id = v.person AND r.project_id = v.project \
               AND r.state = 'open' AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.rework_id = r.id \
               AND c.state = 'live' AND c.rework_id IS NOT NULL)), FALSE, \
               (SELECT q.sort_key FROM cursors q WHERE q.project_id = v.project AND q.person_id = v.person \
               AND q.epoch = v.epoch) \
               FROM v LEFT JOIN claims h ON h.person_id = v.person AND coalesce(h.project_id, v.project) = v.project \
               AND h.state = 'live' \
               ORDER BY v.n, h.kind DESC, h.claimed_at, h.id";
        let people: HashMap<usize, Uuid> = part.iter().map(|(at, take)| (*at, take.ctx.person())).collect();
        for row in tx.query_all_raw(raw(tx, &sql, values)).await? {
            let at = usize::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or_default();
            let Some(person) = people.get(&at) else { continue };
            queries::stand(found.entry(at).or_default(), *person, 1, &row)?;
        }
    }
    Ok(found)
}

/// A ready item, with what is left of it in this walk.
struct Ready {
    id: Uuid,
    lane: i32,
    sort_key: i64,
    free: i32,
    taken: i32,
}

/// Hands out what a project's askers lack. Those who are not among the answers have to ask alone.
async fn hand_out(tx: &Tx, mut askers: Vec<Asker<'_>>) -> Result<Vec<(usize, Vec<Uuid>)>> {
    let Some(first) = askers.first() else { return Ok(Vec::new()) };
    let project = Arc::clone(&first.take.project);
    let id = project.row.id;
    let alone = project.settings.overlap == 1;
    let limit = askers.iter().map(|asker| asker.missing).sum::<usize>() + SPARE;
    let front = askers.iter().map(|asker| asker.take.front).min().unwrap_or(i64::MIN);
    let from = if alone { front } else { askers.iter().map(|asker| asker.cursor).min().unwrap_or(front).max(front) };
    let mut ready = ready(tx, id, from, limit).await?;
    let is_whole = ready.len() < limit;
    let spent = spent(tx, &ready).await?;
    let mut claims: Vec<NewClaim> = Vec::new();
    let mut remembered: Vec<(Uuid, i64)> = Vec::new();
    let mut answers = Vec::with_capacity(askers.len());
    let mut gone: HashSet<usize> = HashSet::new();
    // Items before this place have nothing left for anybody.
    let mut begin = 0;
    for asker in &mut askers {
        let (person, now) = (asker.take.ctx.person(), asker.take.ctx.now());
        while ready.get(begin).is_some_and(|item| item.free == 0) {
            begin += 1;
        }
        let fits = |item: &Ready| {
            item.free > 0
                && (alone || item.lane == 0 || item.sort_key >= asker.cursor)
                && !spent.contains(&(item.id, person))
        };
        let places = ready.iter().enumerate().skip(begin).filter(|(_, item)| fits(item));
        let places: Vec<usize> = places.map(|(place, _)| place).take(asker.missing).collect();
        if places.len() < asker.missing && !is_whole {
            // There is more behind what was looked at.
            gone.insert(asker.at);
            continue;
        }
        let mut items = Vec::with_capacity(places.len());
        let mut last = None;
        for place in places {
            let Some(item) = ready.get_mut(place) else { continue };
            let item_id = item.id;
            item.free -= 1;
            item.taken += 1;
            let left = match item.lane {
                // Only given-back items can hold something that this person left there.
                0 => queries::left_draft(tx, item_id, person, None).await?,
                _ => {
                    last = Some(item.sort_key);
                    None
                }
            };
            let claim = asker.take.ctx.new_id();
            claims.push(NewClaim {
                id: claim,
                project: id,
                item: item_id,
                person,
                rework: None,
                now,
                expires_at: now.plus(lease(&project)),
                left,
            });
            asker.given.push(claim);
            items.push(item_id);
        }
        if let Some(last) = last.filter(|last| !alone && *last > asker.cursor && is_to_be_remembered()) {
            remembered.push((person, last));
        }
        take::tell(tx, &asker.take.ctx, id, &items).await?;
    }
    take_slots(tx, &ready).await?;
    let wanted = claims.len();
    // Another tab was faster by a moment: all is undone, and each asks alone.
    if queries::insert_all(tx, claims).await?.len() != wanted {
        return Err(Conflict::Changed.into());
    }
    remember(tx, &project, front, remembered).await?;
    for asker in askers {
        if !gone.contains(&asker.at) {
            answers.push((asker.at, asker.given));
        }
    }
    Ok(answers)
}

/// The first ready items: of the front lane, then of the usual one from a place on. On PostgreSQL they are held until the
/// transaction ends, and what others hold at this moment is left out.
async fn ready(tx: &Tx, project: Uuid, from: i64, limit: usize) -> Result<Vec<Ready>> {
    let sql = if tx.get_database_backend() == DbBackend::Postgres {
        "SELECT r.id, r.lane, r.sort_key, r.free \
         FROM (VALUES (0, '-9223372036854775808'::bigint), (1, $2::bigint)) AS l (lane, start) CROSS JOIN LATERAL \
         (SELECT i.id, i.lane, i.sort_key, i.free FROM items i WHERE i.project_id = $1 AND i.state = 'open' \
         AND i.free > 0 AND i.lane = l.lane AND i.sort_key >= l.start ORDER BY i.lane, i.sort_key LIMIT $3 \
         FOR UPDATE SKIP LOCKED) r LIMIT $3"
    } else {
        "SELECT * FROM (SELECT i.id, i.lane, i.sort_key, i.free FROM items i WHERE i.project_id = $1 \
         AND i.state = 'open' AND i.free > 0 AND i.lane = 0 ORDER BY i.lane, i.sort_key LIMIT $3) \
         UNION ALL SELECT * FROM (SELECT i.id, i.lane, i.sort_key, i.free FROM items i WHERE i.project_id = $1 \
         AND i.state = 'open' AND i.free > 0 AND i.lane = 1 AND i.sort_key >= $2 ORDER BY i.lane, i.sort_key LIMIT $3) \
         LIMIT $3"
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    for row in tx.query_all_raw(raw(tx, sql, [project.into(), from.into(), limit.into()])).await? {
        found.push(Ready {
            id: row.try_get_by_index(0)?,
            lane: row.try_get_by_index(1)?,
            sort_key: row.try_get_by_index(2)?,
            free: row.try_get_by_index(3)?,
            taken: 0,
        });
    }
    Ok(found)
}

/// Who may not be handed which of these items again, by the rule of [`queries::READY`].
async fn spent(tx: &Tx, ready: &[Ready]) -> Result<HashSet<(Uuid, Uuid)>> {
    let mut spent = HashSet::new();
    let items: Vec<Uuid> = ready.iter().map(|item| item.id).collect();
    for part in in_parts(tx, &items) {
        let (these, values) = among(tx, part);
        // The conditions of the indexes `claims_one_slot` and of an item's annotations.
        let sql = format!(
            "SELECT item_id, person_id FROM claims WHERE item_id{these} AND kind = 'label' \
             AND state IN ('live', 'submitted', 'skipped') \
             UNION ALL SELECT item_id, person_id FROM annotations WHERE item_id{these} AND kind = 'label'"
        );
        for row in tx.query_all_raw(raw(tx, &sql, values)).await? {
            spent.insert((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        }
    }
    Ok(spent)
}

/// Takes slots of the open items of the rows `v (item, n)`.
pub(crate) const TAKE: &str = "UPDATE items SET free = items.free - v.n FROM v WHERE items.id = coalesce(v.item, v.item) \
     AND CASE WHEN items.state = 'open' AND items.free >= v.n THEN TRUE END";

/// Takes what was given of each item.
async fn take_slots(tx: &Tx, ready: &[Ready]) -> Result<()> {
    let mut taken: Vec<&Ready> = ready.iter().filter(|item| item.taken > 0).collect();
    taken.sort_by_key(|item| item.id);
    for part in in_parts(tx, &taken) {
        let (sql, values) = with(tx, ["item", "n"], part.iter().map(|item| [item.id.into(), item.taken.into()]));
        let done = tx.execute_raw(raw(tx, &(sql + TAKE), values)).await?.rows_affected();
        if usize::try_from(done).ok() != Some(part.len()) {
            return Err(Conflict::Changed.into());
        }
    }
    Ok(())
}

/// Moves these people's cursors to where nothing is left for them.
async fn remember(tx: &Tx, project: &Project, front: i64, people: Vec<(Uuid, i64)>) -> Result<()> {
    let (id, epoch) = (project.row.id, project.row.queue_epoch);
    for (person, last) in people {
        let mut spent = Some(last);
        if tx.get_database_backend() == DbBackend::Postgres {
            // What others hold at this moment was passed over and is not spent: they may let it go.
            let left = [id.into(), person.into(), 1_i64.into(), front.into()];
            let left = queries::ready(tx, queries::READY_REST, left).await?;
            spent = left.first().map(|candidate| candidate.sort_key.min(last)).or(spent);
        }
        if let Some(spent) = spent {
            queries::set_cursor(tx, id, person, epoch, spent).await?;
        }
    }
    Ok(())
}
