//! Handing work out: what the caller holds, then rework, then ready items.

use super::queries::{self, Candidate, NewClaim, READY, READY_FRONT, READY_REST};
use super::view::views;
use crate::Ctx;
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
use uuid::Uuid;

/// Lapsed claims that one call takes back at most, so that no caller pays for a whole morning's absence.
const TAKE_BACK_MAX: i64 = 50;

/// Takes up to `count` claims: those the caller holds, then their rework, then ready items.
///
/// `count` (at most [`CLAIM_MAX`]) counts all three, so that repeating the call never drains the queue. A held claim whose time is up but that
/// nobody took back is the caller's again. When fewer are given than asked for, `reason` says why.
pub async fn take(ctx: &Ctx, project: ProjectId, count: u32) -> Result<Claimed> {
    let project = access::project(ctx.read(), ctx, project, Action::Annotate).await?;
    let wanted = count.clamp(1, CLAIM_MAX) as usize;
    let open = project.status == Status::Open;
    let now = ctx.now();
    let fresh = now.plus(lease(&project) / 2);
    let held = queries::held(ctx.read(), project.row.id, ctx.person()).await?;
    let stale = held.iter().take(wanted).any(|claim| claim.expires_at <= fresh.0);
    // Returned work is handed out even to those who hold as many as they asked for: a browser that always fetches ahead
    // would otherwise see it last.
    let rework = open && !queries::waiting_reworks(ctx.read(), project.row.id, ctx.person(), 1).await?.is_empty();
    let ids = if stale || rework || (open && held.len() < wanted) {
        // Both are looked up before the write, which then need not: what comes in between waits for the next call.
        let lapsed = !queries::lapsed(ctx.read(), project.row.id, ctx.person(), now, 1).await?.is_empty();
        // SQLite finds the beginning of its index at once.
        let is_sqlite = ctx.engine().db().backend() == DbBackend::Sqlite;
        let front = match ctx.engine().fronts() {
            _ if is_sqlite => i64::MIN,
            fronts => fronts.of(ctx.read(), project.row.id, project.row.queue_epoch).await?,
        };
        let hints = Hints { rework, lapsed, front };
        let (ctx2, project2) = (ctx.clone(), project.clone());
        ctx.write(move |tx| Box::pin(async move { take_in(tx, &ctx2, &project2, wanted, hints).await })).await?
    } else {
        held.iter().take(wanted).map(|claim| claim.id).collect()
    };
    let claims = views(ctx.read(), &ids).await?;
    let reason = if claims.len() >= wanted { None } else { Some(no_work(ctx, &project).await?) };
    Ok(Claimed { claims, reason })
}

/// What the write has to look for.
#[derive(Debug, Clone, Copy)]
struct Hints {
    rework: bool,
    lapsed: bool,
    /// The sort key before which nothing of the usual lane is ready.
    front: i64,
}

/// A lease in milliseconds.
pub(super) fn lease(project: &Project) -> i64 {
    i64::from(project.settings.lease_minutes) * 60_000
}

async fn take_in(tx: &Tx, ctx: &Ctx, project: &Project, wanted: usize, hints: Hints) -> Result<Vec<Uuid>> {
    let (now, id, person) = (ctx.now(), project.row.id, ctx.person());
    let expires_at = now.plus(lease(project));
    // Two tabs of one person are not handed twice of what both ask for.
    one_at_a_time(tx, [id.as_bytes().as_slice(), person.as_bytes()].concat()).await?;
    let held = queries::held(tx, id, person).await?;
    let mut given: Vec<Uuid> = held.iter().take(wanted).map(|claim| claim.id).collect();
    let fresh = now.plus(lease(project) / 2);
    let mut stale: Vec<Uuid> =
        held.iter().take(wanted).filter(|claim| claim.expires_at <= fresh.0).map(|claim| claim.id).collect();
    stale.sort();
    for claim in stale {
        let sql = "UPDATE claims SET expires_at = $2 WHERE id = $1 AND state = 'live'";
        tx.execute_raw(queries::raw(tx, sql, [claim.into(), expires_at.0.into()])).await?;
    }
    let mut missing = wanted.saturating_sub(given.len());
    let full = missing == 0 && (!hints.rework || held.len() >= HOLD_MAX as usize);
    if project.status != Status::Open || full {
        return Ok(given);
    }
    let mut items = Vec::new();
    let mut front = 0;
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
    if hints.rework {
        for (rework, item) in queries::waiting_reworks(tx, id, person, missing.max(1) as i64).await? {
            let left = queries::left_draft(tx, item, person, Some(rework)).await?;
            let claim = new(item, Some(rework), left);
            let claim_id = claim.id;
            if queries::insert(tx, claim).await? {
                // Rework comes before what was held of the usual work, after rework that was held.
                let at = held.iter().filter(|claim| claim.rework_id.is_some()).count().min(given.len()) + front;
                given.insert(at, claim_id);
                front += 1;
                items.push(item);
            }
        }
        missing = missing.saturating_sub(front);
        // What was held stays held and comes again with a later call.
        given.truncate(wanted);
    }
    if missing > 0 {
        if hints.lapsed {
            queries::take_back(tx, id, person, now, TAKE_BACK_MAX).await?;
        }
        let (given, items) = (&mut given, &mut items);
        let mut walk = Walk { tx, ctx, project, front: hints.front, new: &new, given, items, missing };
        walk.run().await?;
    }
    if !items.is_empty() {
        let deed = Event {
            person: Some(person),
            project: Some(id),
            item: None,
            kind: "claims.taken",
            data: json!({ "items": items }),
        };
        event::record(tx, now, deed).await?;
    }
    Ok(given)
}

/// A walk along the ready queue.
struct Walk<'a, N> {
    tx: &'a Tx,
    ctx: &'a Ctx,
    project: &'a Project,
    front: i64,
    new: &'a N,
    given: &'a mut Vec<Uuid>,
    items: &'a mut Vec<Uuid>,
    missing: usize,
}

impl<N: Fn(Uuid, Option<Uuid>, Option<queries::Left>) -> NewClaim> Walk<'_, N> {
    async fn run(&mut self) -> Result<()> {
        let (id, person) = (self.project.row.id, self.ctx.person());
        let is_postgres = self.tx.get_database_backend() == DbBackend::Postgres;
        let alone = self.project.settings.overlap == 1;
        if alone && !is_postgres {
            let ready = queries::ready(self.tx, READY, [id.into(), person.into(), self.limit()]).await?;
            self.pick(&ready).await?;
            return Ok(());
        }
        let front = queries::ready(self.tx, READY_FRONT, [id.into(), person.into(), self.limit()]).await?;
        self.pick(&front).await?;
        if self.missing == 0 {
            return Ok(());
        }
        if alone {
            let values = [id.into(), person.into(), self.limit(), self.front.into()];
            let rest = queries::ready(self.tx, READY_REST, values).await?;
            self.pick(&rest).await?;
            return Ok(());
        }
        let epoch = self.project.row.queue_epoch;
        let cursor = queries::cursor(self.tx, id, person, epoch).await?;
        let from = cursor.max(self.front);
        let rest = [id.into(), person.into(), self.limit(), from.into()];
        let mut rest = queries::ready(self.tx, READY_REST, rest).await?;
        let mut spent = self.pick(&rest).await?;
        if is_postgres {
            // What others hold at this moment was passed over and is not spent: they may let it go.
            rest = queries::look(self.tx, READY_REST, [id.into(), person.into(), 1_i64.into(), from.into()]).await?;
            spent = rest.first().map(|candidate| candidate.sort_key);
        }
        if rest.is_empty() {
            // All that is ready in this lane is spent for this person; what becomes ready later is given back into the
            // front lane, or imported: behind, or with a new epoch.
            spent = queries::last_ready(self.tx, id).await?;
        }
        if let Some(spent) = spent.filter(|spent| *spent > cursor) {
            queries::set_cursor(self.tx, id, person, epoch, spent).await?;
        }
        Ok(())
    }

    /// How many candidates to look at: each of them is ours.
    fn limit(&self) -> sea_orm::Value {
        (self.missing as i64).into()
    }

    /// Claims the candidates, as far as something is missing. Returns the sort key up to which nothing is left for this
    /// person.
    async fn pick(&mut self, candidates: &[Candidate]) -> Result<Option<i64>> {
        let mut spent = None;
        for candidate in candidates {
            spent = Some(candidate.sort_key);
            if self.missing == 0 || !self.claim(candidate).await? {
                break;
            }
            self.missing -= 1;
        }
        Ok(spent)
    }

    async fn claim(&mut self, candidate: &Candidate) -> Result<bool> {
        if !queries::take_slot(self.tx, candidate.id).await? {
            return Ok(false);
        }
        // Only given-back items can hold something that this person left there.
        let left = match candidate.lane {
            0 => queries::left_draft(self.tx, candidate.id, self.ctx.person(), None).await?,
            _ => None,
        };
        let claim = (self.new)(candidate.id, None, left);
        let claim_id = claim.id;
        if !queries::insert(self.tx, claim).await? {
            queries::give_slot(self.tx, candidate.id).await?;
            return Ok(false);
        }
        self.given.push(claim_id);
        self.items.push(candidate.id);
        Ok(true)
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
