//! Handing work out: what the caller holds, then rework, then ready items.

use super::queries::{self, Candidate, NewClaim, READY, READY_BOTH, READY_LANES, READY_REST, Standing};
use super::renew;
use super::together::look::Views;
use super::together::takes::Take;
use crate::Ctx;
use crate::db::rows::{in_parts, raw, with};
use crate::db::{Tx, one_at_a_time};
use crate::error::Result;
use crate::event::{self, Event};
use crate::project::access::{self, Project};
use crate::project::queries as queries_of_project;
use domain::claim::{CLAIM_MAX, Claimed, HOLD_MAX, NoWork};
use domain::id::ProjectId;
use domain::policy::Action;
use domain::project::Status;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// Lapsed claims that one call takes back at most, so that no caller pays for a whole morning's absence.
const TAKE_BACK_MAX: i64 = 50;
/// A person's place in the queue is written at one in so many calls that moved it.
const REMEMBER_ONE_IN: u32 = 8;

/// Takes up to `count` claims: those the caller holds, then their rework, then ready items.
///
/// `count` (at most [`CLAIM_MAX`]) counts all three, so that repeating the call never drains the queue. A held claim whose time is up but that
/// nobody took back is the caller's again. When fewer are given than asked for, `reason` says why.
pub async fn take(ctx: &Ctx, project: ProjectId, count: u32) -> Result<Claimed> {
    let project = access::at_work(ctx, project, Action::Annotate).await?;
    let wanted = count.clamp(1, CLAIM_MAX) as usize;
    // SQLite finds the beginning of its index at once.
    let is_sqlite = ctx.engine().db().backend() == DbBackend::Sqlite;
    let front = match ctx.engine().fronts() {
        _ if is_sqlite => i64::MIN,
        fronts => fronts.of(ctx.read(), project.row.id, project.row.queue_epoch).await?,
    };
    // All in the write, since nearly every call takes something: looking first would be looking twice.
    let (together, db) = (ctx.engine().together(), ctx.engine().db());
    let take = Take { ctx: ctx.clone(), project: Arc::clone(&project), wanted, front };
    let ids = together.takes.run(db, take).await?;
    ctx.engine().meter().handed_out(ids.len());
    let claims = match ids.is_empty() {
        true => Vec::new(),
        false => together.views.run(db, Views { person: ctx.person(), claims: ids }).await?,
    };
    let reason = if claims.len() >= wanted { None } else { Some(no_work(ctx, &project).await?) };
    Ok(Claimed { claims, reason })
}

/// A lease in milliseconds.
pub(super) fn lease(project: &Project) -> i64 {
    i64::from(project.settings.lease_minutes) * 60_000
}

/// A claim that ends before this moment gets a new lease when its holder asks for work.
pub(super) fn fresh(now: Millis, project: &Project) -> Millis {
    now.plus(lease(project) / 2)
}

/// What two tabs of one person, asking for work in one project, have to pass one after the other.
pub(super) fn door(project: &Project, person: Uuid) -> Vec<u8> {
    [project.row.id.as_bytes().as_slice(), person.as_bytes()].concat()
}

/// Shall a person's place in the queue be written at this call?
pub(super) fn is_to_be_remembered() -> bool {
    rand::random_ratio(1, REMEMBER_ONE_IN)
}

/// Gives held claims another lease. One held for too long is the caller's until somebody else asks for work.
pub(super) async fn prolong(tx: &Tx, mut claims: Vec<(Uuid, &Ctx, &Project)>) -> Result<()> {
    claims.sort_by_key(|(claim, ..)| *claim);
    for part in in_parts(tx, &claims) {
        let rows = part.iter().map(|(claim, ctx, project)| {
            let until = ctx.now().plus(lease(project));
            [(*claim).into(), until.0.into(), renew::longest(ctx, project).into()]
        });
        let (sql, values) = with(tx, ["claim", "until", "longest"], rows);
        let sql = sql
            + "UPDATE claims SET expires_at = CASE WHEN claimed_at + v.longest < v.until THEN claimed_at + v.longest \
               ELSE v.until END FROM v WHERE claims.id = coalesce(v.claim, v.claim) AND CASE WHEN claims.state = 'live' THEN TRUE END";
        tx.execute_raw(raw(tx, &sql, values)).await?;
    }
    Ok(())
}

/// Records that items were taken.
pub(super) async fn tell(tx: &Tx, ctx: &Ctx, project: Uuid, items: &[Uuid]) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let deed = Event {
        person: Some(ctx.person()),
        project: Some(project),
        item: None,
        kind: "claims.taken",
        data: json!({ "items": items }),
    };
    event::record(tx, ctx.now(), deed).await
}

/// Nothing of the usual lane is ready before the sort key `front`.
pub(super) async fn take_in(tx: &Tx, ctx: &Ctx, project: &Project, wanted: usize, front: i64) -> Result<Vec<Uuid>> {
    let (now, id, person) = (ctx.now(), project.row.id, ctx.person());
    let expires_at = now.plus(lease(project));
    // Two tabs of one person are not handed twice of what both ask for.
    one_at_a_time(tx, door(project, person)).await?;
    let Standing { held, rework, lapsed, cursor } =
        queries::standing(tx, id, person, project.row.queue_epoch, now).await?;
    let mut given: Vec<Uuid> = held.iter().take(wanted).map(|claim| claim.id).collect();
    let fresh = fresh(now, project);
    let stale = held.iter().take(wanted).filter(|claim| claim.expires_at <= fresh.0);
    prolong(tx, stale.map(|claim| (claim.id, ctx, project)).collect()).await?;
    let mut missing = wanted.saturating_sub(given.len());
    // Returned work is handed out even to those who hold as many as they asked for: a browser that always fetches ahead
    // would otherwise see it last.
    let full = missing == 0 && (!rework || held.len() >= HOLD_MAX as usize);
    if project.status != Status::Open || full {
        return Ok(given);
    }
    let mut items = Vec::new();
    let mut reworks = 0;
    let new = |item: Uuid, rework: Option<Uuid>, left| NewClaim {
        id: ctx.new_id(),
        project: id,
        item,
        person,
        rework,
        now,
        expires_at,
        left,
    };
    if rework {
        let waiting = queries::waiting_reworks(tx, id, person, missing.max(1) as i64).await?;
        for (rework, item) in queries::hold_reworks(tx, waiting).await? {
            let left = queries::left_draft(tx, item, person, Some(rework)).await?;
            let claim = new(item, Some(rework), left);
            let claim_id = claim.id;
            if queries::insert(tx, claim).await? {
                // Rework comes before what was held of the usual work, after rework that was held.
                let at = held.iter().filter(|claim| claim.rework_id.is_some()).count().min(given.len()) + reworks;
                given.insert(at, claim_id);
                reworks += 1;
                items.push(item);
            }
        }
        missing = missing.saturating_sub(reworks);
        // What was held stays held and comes again with a later call.
        given.truncate(wanted);
    }
    if missing > 0 {
        if lapsed {
            queries::take_back(tx, id, person, now, TAKE_BACK_MAX).await?;
        }
        let (given, items) = (&mut given, &mut items);
        let mut walk = Walk { tx, ctx, project, front, cursor, new: &new, given, items, missing };
        walk.run().await?;
    }
    tell(tx, ctx, id, &items).await?;
    Ok(given)
}

/// A walk along the ready queue.
struct Walk<'a, N> {
    tx: &'a Tx,
    ctx: &'a Ctx,
    project: &'a Project,
    front: i64,
    cursor: i64,
    new: &'a N,
    given: &'a mut Vec<Uuid>,
    items: &'a mut Vec<Uuid>,
    missing: usize,
}

impl<N: Fn(Uuid, Option<Uuid>, Option<queries::Left>) -> NewClaim> Walk<'_, N> {
    async fn run(&mut self) -> Result<()> {
        if self.tx.get_database_backend() == DbBackend::Postgres {
            return self.run_among_others().await;
        }
        let (id, person) = (self.project.row.id, self.ctx.person());
        if self.project.settings.overlap == 1 {
            let ready = queries::ready(self.tx, READY, [id.into(), person.into(), self.limit()]).await?;
            self.pick(&ready).await?;
            return Ok(());
        }
        let both = [id.into(), person.into(), self.limit(), self.cursor.into()];
        let ready = queries::ready(self.tx, READY_BOTH, both).await?;
        let (given_back, usual): (Vec<Candidate>, Vec<Candidate>) = ready.into_iter().partition(|one| one.lane == 0);
        self.pick(&given_back).await?;
        if self.missing == 0 {
            return Ok(());
        }
        let usual: Vec<Candidate> = usual.into_iter().take(self.missing).collect();
        let spent = self.pick(&usual).await?;
        self.remember(spent).await
    }

    /// The same where others write at this moment: what they hold is passed over, since they are about to take it, and
    /// whoever waited for them would find it taken.
    async fn run_among_others(&mut self) -> Result<()> {
        let (id, person) = (self.project.row.id, self.ctx.person());
        let alone = self.project.settings.overlap == 1;
        let from = if alone { self.front } else { self.cursor.max(self.front) };
        let ready = [id.into(), person.into(), self.limit(), from.into()];
        let ready = queries::ready(self.tx, READY_LANES, ready).await?;
        self.pick(&ready).await?;
        if alone || (ready.iter().all(|candidate| candidate.lane == 0) && self.missing == 0) {
            return Ok(());
        }
        // What was passed over is not spent: they may let it go.
        let left = [id.into(), person.into(), 1_i64.into(), from.into()];
        let left = queries::ready(self.tx, READY_REST, left).await?;
        self.remember(left.first().map(|candidate| candidate.sort_key)).await
    }

    fn epoch(&self) -> i32 {
        self.project.row.queue_epoch
    }

    /// How many candidates to look at: each of them is ours.
    fn limit(&self) -> sea_orm::Value {
        (self.missing as i64).into()
    }

    /// Moves the person's cursor to the place up to which nothing of the usual lane is left for them.
    ///
    /// Only now and then: a few places that are passed over again cost less than a row that is written at each call.
    async fn remember(&self, mut spent: Option<i64>) -> Result<()> {
        let (id, person) = (self.project.row.id, self.ctx.person());
        if spent.is_some() && !is_to_be_remembered() {
            return Ok(());
        }
        if spent.is_none() {
            // All that is ready in this lane is spent for this person; what becomes ready later is given back into the
            // front lane, or imported: behind, or with a new epoch.
            spent = queries::last_ready(self.tx, id).await?;
        }
        if let Some(spent) = spent.filter(|spent| *spent > self.cursor) {
            queries::set_cursor(self.tx, id, person, self.epoch(), spent).await?;
        }
        Ok(())
    }

    /// Claims the candidates. Returns the sort key up to which nothing is left for this person.
    async fn pick(&mut self, candidates: &[Candidate]) -> Result<Option<i64>> {
        let items: Vec<Uuid> = candidates.iter().map(|candidate| candidate.id).collect();
        let free = queries::take_slots(self.tx, &items).await?;
        let mut claims = Vec::with_capacity(free.len());
        let mut wanted = Vec::with_capacity(free.len());
        for candidate in candidates.iter().filter(|candidate| free.contains(&candidate.id)) {
            // Only given-back items can hold something that this person left there.
            let left = match candidate.lane {
                0 => queries::left_draft(self.tx, candidate.id, self.ctx.person(), None).await?,
                _ => None,
            };
            let claim = (self.new)(candidate.id, None, left);
            wanted.push((candidate.id, claim.id));
            claims.push(claim);
        }
        let written = queries::insert_all(self.tx, claims).await?;
        for (item, claim) in wanted {
            if written.contains(&claim) {
                self.given.push(claim);
                self.items.push(item);
                self.missing = self.missing.saturating_sub(1);
            } else {
                queries::give_slot(self.tx, item).await?;
            }
        }
        let ours = |candidate: &&Candidate| !self.items.contains(&candidate.id);
        Ok(candidates.iter().find(ours).or(candidates.last()).map(|candidate| candidate.sort_key))
    }
}

async fn no_work(ctx: &Ctx, project: &Project) -> Result<NoWork> {
    if project.status != Status::Open {
        return Ok(NoWork::Closed);
    }
    let counts = queries_of_project::counts(ctx.read(), &[project.row.id]).await?;
    let counts = counts.get(&project.row.id).copied().unwrap_or_default();
    Ok(if counts.total() == 0 {
        NoWork::Empty
    } else if counts.open == 0 {
        NoWork::AllDone
    } else {
        NoWork::HeldByOthers
    })
}

/// The moment until which a claim taken or renewed now lives.
pub(crate) fn until(project: &Project, now: Millis) -> Millis {
    now.plus(lease(project))
}
