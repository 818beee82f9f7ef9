//! Makes accounts from a roster, with a line of report for each row.
//!
//! It goes in chunks, each one transaction: hashing is done before, and what an interrupted import has added is
//! reported as existing by the next try.

use super::create;
use super::entity::person;
use super::sheet::{Sheet, SheetRow, tally};
use crate::Ctx;
use crate::account::password::{self, Origin};
use crate::error::Result;
use crate::event::{self, Event};
use crate::organization::entity::organization;
use domain::account::{PlatformRole, RosterLine, RosterOutcome, RosterReport};
use domain::error::Noun;
use domain::policy::{Action, Resource};
use domain::{Problem, Words};
use futures::{StreamExt, TryStreamExt};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Rows of one transaction.
const CHUNK: usize = 500;

/// Makes accounts from a CSV with the columns `username`, `name`, `organization`, `team`, `password`, `role`, in any
/// order and by their Chinese names too. Organizations must exist; teams are made. An account that exists stays as it
/// is. Where a password is missing one is drawn and told in the report; given ones are one-time passwords too.
pub async fn import_roster(ctx: &Ctx, csv: Vec<u8>) -> Result<RosterReport> {
    ctx.require(Action::Import, Resource::People { own: false }, Noun::Person)?;
    let sheet = Sheet::read(&csv)?;
    let organizations = organization::Entity::find().all(ctx.read()).await?;
    let organizations: HashMap<String, Uuid> = organizations.into_iter().map(|row| (row.name, row.id)).collect();
    let mut report = RosterReport { added: 0, existing: 0, rejected: 0, lines: Vec::with_capacity(sheet.rows.len()) };
    let mut rows = sheet.rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<SheetRow> = rows.by_ref().take(CHUNK).collect();
        report.lines.extend(chunk(ctx, &organizations, some).await?);
    }
    tally(&mut report);
    Ok(report)
}

async fn chunk(ctx: &Ctx, organizations: &HashMap<String, Uuid>, rows: Vec<SheetRow>) -> Result<Vec<RosterLine>> {
    let usernames: Vec<String> = rows.iter().map(|row| row.username.to_lowercase()).collect();
    let mut known = existing(ctx.read(), &usernames).await?;
    let mut lines = Vec::with_capacity(rows.len());
    let mut candidates = Vec::new();
    for row in rows {
        let username = row.username.to_lowercase();
        let mut line = RosterLine {
            line: row.line,
            username: username.clone(),
            outcome: RosterOutcome::Exists,
            initial_password: None,
            message: None,
        };
        if !known.contains(&username) {
            match Candidate::read(row, username.clone(), organizations, lines.len()) {
                Ok(candidate) => {
                    line.outcome = RosterOutcome::Added;
                    line.initial_password = candidate.drawn.then(|| candidate.password.clone());
                    known.insert(username);
                    candidates.push(candidate);
                }
                Err(problems) => {
                    line.outcome = RosterOutcome::Rejected;
                    line.message = Some(joined(&problems));
                }
            }
        }
        lines.push(line);
    }
    for exists in add(ctx, candidates).await? {
        // Made by somebody else while its password was being hashed.
        if let Some(line) = lines.get_mut(exists) {
            line.outcome = RosterOutcome::Exists;
            line.initial_password = None;
        }
    }
    Ok(lines)
}

/// A row that breaks no rule.
#[derive(Clone)]
struct Candidate {
    /// Where its line is in the chunk's report.
    at: usize,
    username: String,
    name: String,
    organization: Option<Uuid>,
    team: Option<String>,
    password: String,
    drawn: bool,
    role: PlatformRole,
}

impl Candidate {
    fn read(
        row: SheetRow,
        username: String,
        organizations: &HashMap<String, Uuid>,
        at: usize,
    ) -> std::result::Result<Candidate, Vec<Problem>> {
        let mut problems = create::check_username(&username);
        // A roster without names is a roster of user names.
        let name = if row.name.is_empty() { Ok(username.clone()) } else { create::checked_name(&row.name) };
        let name = name.unwrap_or_else(|problem| {
            problems.push(problem);
            String::new()
        });
        let organization = organizations.get(&row.organization).copied();
        if organization.is_none() && !row.organization.is_empty() {
            problems.push(create::unknown_organization(&row.organization));
        }
        let team = Some(row.team).filter(|team| !team.is_empty());
        problems.extend(team.as_deref().and_then(|team| create::check_team(team, !row.organization.is_empty())));
        let role = role(&row.role);
        if role.is_none() {
            let (zh, en) = (format!("没有“{}”这个平台角色。", row.role), format!("There is no role “{}”.", row.role));
            problems.push(Problem::new("role", "unknown-role", zh, en));
        }
        let drawn = row.password.is_empty();
        if !drawn {
            problems.extend(password::check("password", &username, &row.password));
        }
        match role {
            Some(role) if problems.is_empty() => {
                let password = if drawn { password::draw() } else { row.password };
                Ok(Candidate { at, username, name, organization, team, password, drawn, role })
            }
            _ => Err(problems),
        }
    }
}

/// Hashes a few at a time, then writes all that are still missing. The answer is the places of the others.
async fn add(ctx: &Ctx, candidates: Vec<Candidate>) -> Result<Vec<usize>> {
    let hashed: Vec<(Candidate, String)> = futures::stream::iter(candidates)
        .map(|candidate| async move {
            let origin = if candidate.drawn { Origin::Drawn } else { Origin::Chosen };
            let hash = password::hash(ctx.engine(), candidate.password.clone(), origin).await?;
            Ok::<_, crate::Error>((candidate, hash))
        })
        .buffered(8)
        .try_collect()
        .await?;
    if hashed.is_empty() {
        return Ok(Vec::new());
    }
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            let usernames: Vec<String> = hashed.iter().map(|(candidate, _)| candidate.username.clone()).collect();
            let known = existing(tx, &usernames).await?;
            let mut teams: HashMap<(Uuid, String), Uuid> = HashMap::new();
            let (mut rows, mut exist, mut added) = (Vec::new(), Vec::new(), Vec::new());
            for (candidate, hash) in hashed {
                if known.contains(&candidate.username) {
                    exist.push(candidate.at);
                    continue;
                }
                let team_id = match (candidate.organization, candidate.team) {
                    (Some(organization), Some(team)) => match teams.get(&(organization, team.clone())) {
                        Some(id) => Some(*id),
                        None => {
                            let id = create::find_or_make_team(tx, &ctx2, organization, &team).await?;
                            teams.insert((organization, team), id);
                            Some(id)
                        }
                    },
                    _ => None,
                };
                let (id, now) = (ctx2.new_id(), ctx2.now());
                added.push(candidate.username.clone());
                let row = create::row(id, now, candidate.username, candidate.name, candidate.role, hash)?;
                let organization_id = candidate.organization;
                let row = person::Model { organization_id, team_id, must_change_password: true, ..row };
                rows.push(row.into_active_model());
            }
            if !rows.is_empty() {
                person::Entity::insert_many(rows).exec_without_returning(tx).await?;
                let deed = Event {
                    person: Some(ctx2.person()),
                    project: None,
                    item: None,
                    kind: "people.imported",
                    data: serde_json::json!({ "usernames": added }),
                };
                event::record(tx, ctx2.now(), deed).await?;
            }
            Ok(exist)
        })
    });
    write.await
}

async fn existing(db: &impl ConnectionTrait, usernames: &[String]) -> Result<HashSet<String>> {
    let found: Vec<String> = person::Entity::find()
        .select_only()
        .column(person::Column::Username)
        .filter(person::Column::Username.is_in(usernames))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

fn role(text: &str) -> Option<PlatformRole> {
    match text.to_lowercase().as_str() {
        "" | "member" | "成员" => Some(PlatformRole::Member),
        "manager" | "项目经理" => Some(PlatformRole::Manager),
        "operator" | "运营管理员" => Some(PlatformRole::Operator),
        _ => None,
    }
}

fn joined(problems: &[Problem]) -> Words {
    let zh: String = problems.iter().map(|problem| problem.message.zh.as_str()).collect();
    let en: Vec<&str> = problems.iter().map(|problem| problem.message.en.as_str()).collect();
    Words::new(zh, en.join(" "))
}
