//! A new account.

use super::entity::person;
use super::queries;
use crate::Ctx;
use crate::account::password::{self, Origin};
use crate::db::Tx;
use crate::error::{OnUnique, Result};
use crate::event::{self, Event};
use crate::organization::entity::{organization, team};
use crate::organization::insert_team;
use crate::project::queries::code;
use domain::Problem;
use domain::account::{CreatedPerson, NewPerson, PlatformRole, username_fits};
use domain::error::{Conflict, Noun};
use domain::policy::{Action, Resource};
use domain::time::Millis;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

/// Makes an account. Refuses a user name that is taken, an unknown organization, and whatever breaks a rule. A team
/// that the organization lacks is made.
pub async fn create(ctx: &Ctx, new: NewPerson) -> Result<CreatedPerson> {
    ctx.require(Action::Create, Resource::People { own: false }, Noun::Person)?;
    let username = new.username.trim().to_lowercase();
    let (mut problems, name) = (check_username(&username), checked_name(&new.name));
    problems.extend(name.as_ref().err().cloned());
    problems.extend(new.password.as_deref().and_then(|given| password::check("password", &username, given)));
    let wanted = new.organization.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let organization = match &wanted {
        None => None,
        Some(wanted) => {
            let found = find_organization(ctx.read(), wanted).await?;
            if found.is_none() {
                problems.push(unknown_organization(wanted));
            }
            found
        }
    };
    let team = new.team.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some(team) = &team {
        problems.extend(check_team(team, wanted.is_some()));
    }
    let Ok(name) = name else { return Err(problems.into()) };
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let (must_change_password, drawn) = match new.password {
        Some(_) => (new.must_change_password, None),
        None => (true, Some(password::draw())),
    };
    let (secret, origin) = match (new.password, &drawn) {
        (Some(given), _) => (given, Origin::Chosen),
        (None, Some(drawn)) => (drawn.clone(), Origin::Drawn),
        (None, None) => return Err(anyhow::anyhow!("neither given nor drawn").into()),
    };
    let hash = password::hash(ctx.engine(), secret, origin).await?;
    let row = row(ctx.new_id(), ctx.now(), username, name, new.role.unwrap_or(PlatformRole::Member), hash)?;
    let row = person::Model { organization_id: organization, must_change_password, ..row };
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            let team_id = match (organization, team) {
                (Some(organization), Some(team)) => Some(find_or_make_team(tx, &ctx2, organization, &team).await?),
                _ => None,
            };
            let row = person::Model { team_id, ..row };
            insert(tx, Some(ctx2.person()), ctx2.now(), row.clone()).await?;
            queries::view(tx, row).await
        })
    });
    Ok(CreatedPerson { person: write.await?, initial_password: drawn })
}

/// The row of an active account outside organizations, whose password is a lasting one.
pub(super) fn row(
    id: Uuid,
    now: Millis,
    username: String,
    name: String,
    role: PlatformRole,
    password_hash: String,
) -> Result<person::Model> {
    Ok(person::Model {
        id,
        username,
        name,
        role: code(role)?,
        organization_id: None,
        team_id: None,
        password_hash,
        must_change_password: false,
        active: true,
        lang: None,
        created_at: now.0,
    })
}

/// Writes the row and the event.
pub(super) async fn insert(tx: &Tx, by: Option<Uuid>, now: Millis, row: person::Model) -> Result<()> {
    let data = serde_json::json!({ "person": row.id, "username": row.username, "role": row.role });
    let inserted = person::Entity::insert(row.into_active_model()).exec_without_returning(tx).await;
    inserted.on_unique(|| Conflict::NameTaken.into())?;
    let deed = Event { person: by, project: None, item: None, kind: "person.created", data };
    event::record(tx, now, deed).await
}

pub(super) fn check_username(username: &str) -> Vec<Problem> {
    if username_fits(username) {
        return Vec::new();
    }
    let zh = "用户名须为 2–40 个小写字母、数字、点、下划线或连字符，以字母或数字开头。";
    let en = "A user name has 2 to 40 letters, digits, dots, underscores or hyphens and begins with a letter or digit.";
    vec![Problem::new("username", "bad-username", zh, en)]
}

pub(super) fn checked_name(name: &str) -> std::result::Result<String, Problem> {
    let name = name.trim();
    if (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Problem::new("name", "out-of-range", "姓名须为 1–60 个字。", "A name has 1 to 60 characters."))
}

pub(super) fn check_team(team: &str, has_organization: bool) -> Option<Problem> {
    if !has_organization {
        let (zh, en) = ("填写班组时也须填写机构。", "A team needs an organization.");
        return Some(Problem::new("team", "organization-missing", zh, en));
    }
    let fits = team.chars().count() <= 60 && !team.chars().any(char::is_control);
    (!fits).then(|| {
        Problem::new("team", "out-of-range", "班组名称最多 60 个字。", "A team's name has at most 60 characters.")
    })
}

pub(super) fn unknown_organization(name: &str) -> Problem {
    Problem::new(
        "organization",
        "unknown-organization",
        format!("没有“{name}”这个机构。"),
        format!("There is no organization “{name}”."),
    )
}

/// By id or by exact name.
async fn find_organization(db: &impl ConnectionTrait, wanted: &str) -> Result<Option<Uuid>> {
    let found = match Uuid::parse_str(wanted) {
        Ok(id) => organization::Entity::find_by_id(id).one(db).await?,
        Err(_) => organization::Entity::find().filter(organization::Column::Name.eq(wanted)).one(db).await?,
    };
    Ok(found.map(|row| row.id))
}

/// The team of this name in an organization, made where it is missing.
pub(super) async fn find_or_make_team(tx: &Tx, ctx: &Ctx, organization: Uuid, name: &str) -> Result<Uuid> {
    let found = team::Entity::find()
        .filter(team::Column::OrganizationId.eq(organization))
        .filter(team::Column::Name.eq(name))
        .one(tx)
        .await?;
    match found {
        Some(row) => Ok(row.id),
        None => insert_team(tx, ctx, organization, name).await,
    }
}
