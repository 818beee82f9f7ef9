//! The heartbeat.

use super::entity::claim;
use super::take;
use crate::Ctx;
use crate::db::rows::{in_parts, raw, with};
use crate::error::{Error, Result};
use crate::project::access::{self, Project};
use domain::claim::Renewed;
use domain::id::{ClaimId, ProjectId};
use domain::policy::{Action, Resource};
use domain::project::Status;
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The most claims of one heartbeat.
const RENEW_MAX: usize = 200;

/// Lets the caller's live claims live on for another lease; those that are no longer the caller's are told.
///
/// A claim whose time is up but that nobody took back lives on too. None lives on longer than [`crate::Limits::hold`] after
/// it was taken: then it is told as gone, and the next who asks for work gets the item. Until then a draft and a submit are
/// still taken.
pub async fn renew(ctx: &Ctx, claims: Vec<ClaimId>) -> Result<Renewed> {
    ctx.require(Action::Read, Resource::Projects, domain::error::Noun::Claim)?;
    if claims.len() > RENEW_MAX {
        let (zh, en) = ("一次最多续期 200 条。", "At most 200 claims are renewed at once.");
        return Err(domain::Error::invalid("ids", "too-many", zh, en).into());
    }
    let found: Vec<(Uuid, Uuid)> = claim::Entity::find()
        .select_only()
        .columns([claim::Column::Id, claim::Column::ProjectId])
        .filter(claim::Column::Id.is_in(claims.iter().map(|claim| claim.0)))
        .filter(claim::Column::PersonId.eq(ctx.person()))
        .into_tuple()
        .all(ctx.read())
        .await?;
    let mut by_project: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (claim, project) in found {
        by_project.entry(project).or_default().push(claim);
    }
    let now = ctx.now();
    let mut live: Vec<Renewal> = Vec::new();
    for (project, ids) in by_project {
        match access::at_work(ctx, ProjectId(project), Action::Annotate).await {
            Ok(project) if project.status != Status::Archived => {
                let longest = longest(ctx, &project);
                let until = take::until(&project, now);
                live.extend(ids.into_iter().map(|id| Renewal { id, until, longest }));
            }
            // Where the caller may no longer work their claims are gone to them.
            Ok(_) | Err(Error::Refused(_)) => {}
            Err(broken) => return Err(broken),
        }
    }
    let renewed = if live.is_empty() { HashMap::new() } else { extend(ctx, live).await? };
    let mut answer = Renewed { renewed: Vec::new(), gone: Vec::new() };
    for id in claims {
        match renewed.get(&id.0) {
            Some(until) => answer.renewed.push((id, *until)),
            None => answer.gone.push(id),
        }
    }
    Ok(answer)
}

/// The most milliseconds that a claim lives on by heartbeats, and by asking for it again.
pub(super) fn longest(ctx: &Ctx, project: &Project) -> i64 {
    let hold = i64::try_from(ctx.engine().config().limits.hold.as_millis()).unwrap_or(i64::MAX / 2);
    hold.max(take::lease(project))
}

/// A claim that shall live on until then, but for no longer than so many milliseconds after it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Renewal {
    id: Uuid,
    until: Millis,
    longest: i64,
}

async fn extend(ctx: &Ctx, claims: Vec<Renewal>) -> Result<HashMap<Uuid, Millis>> {
    let now = ctx.now();
    ctx.write(move |tx| {
        Box::pin(async move {
            let mut renewed = HashMap::new();
            let mut claims = claims;
            claims.sort();
            for part in in_parts(tx, &claims) {
                let rows = part.iter().map(|one| [one.id.into(), one.until.0.into(), one.longest.into()]);
                let (sql, mut values) = with(tx, ["claim", "until", "longest"], rows);
                let at = values.len() + 1;
                let sql = sql
                    + &format!(
                        "UPDATE claims SET expires_at = CASE WHEN claimed_at + v.longest < v.until \
                         THEN claimed_at + v.longest ELSE v.until END FROM v WHERE claims.id = coalesce(v.claim, v.claim) \
                         AND CASE WHEN claims.state = 'live' AND claimed_at + v.longest > ${at} THEN TRUE END RETURNING id, expires_at"
                    );
                values.push(now.0.into());
                for row in tx.query_all_raw(raw(tx, &sql, values)).await? {
                    renewed.insert(row.try_get_by_index(0)?, Millis(row.try_get_by_index(1)?));
                }
            }
            Ok(renewed)
        })
    })
    .await
}
