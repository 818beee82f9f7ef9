//! Accounts of people.

use axum::http::StatusCode;
use domain::account::{PeopleQuery, PersonView};
use domain::id::{OrganizationId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::extract::{Csv, Json, Path, Query};
use super::shape::{Page, RosterReport, mirror, moment, read_limit};
use crate::identity::Caller;
use crate::problem::Refusal;

mirror! {
    /// What a person may do on the platform, apart from roles in projects.
    PlatformRole = domain::account::PlatformRole {
        /// Runs the installation.
        Operator,
        /// May open projects.
        Manager,
        /// Works where a project gives a role.
        Member,
    }
}

/// An account.
#[derive(Serialize, ToSchema)]
pub struct Person {
    id: Uuid,
    username: String,
    name: String,
    role: PlatformRole,
    organization: Option<Uuid>,
    organization_name: Option<String>,
    team: Option<Uuid>,
    team_name: Option<String>,
    /// May sign in.
    active: bool,
    /// Has a one-time password.
    must_change_password: bool,
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<PersonView> for Person {
    fn from(view: PersonView) -> Self {
        Self {
            id: view.id.0,
            username: view.username,
            name: view.name,
            role: view.role.into(),
            organization: view.organization.map(|id| id.0),
            organization_name: view.organization_name,
            team: view.team.map(|id| id.0),
            team_name: view.team_name,
            active: view.active,
            must_change_password: view.must_change_password,
            created_at: moment(view.created_at),
        }
    }
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// 2–40 of letters, digits, `.`, `_`, `-`, beginning with a letter or digit; kept in lower case.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$")]
    username: String,
    /// The name shown.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Without one, a one-time password is drawn and told in the answer.
    #[serde(default)]
    #[schema(min_length = 8, max_length = 128)]
    password: Option<String>,
    /// The given password too is a one-time one, to be changed at first sign-in.
    #[serde(default)]
    must_change_password: bool,
    /// The organization's id or exact name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 80)]
    organization: Option<String>,
    /// The team's name in that organization.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 80)]
    team: Option<String>,
    /// `member` when left out.
    #[serde(default)]
    role: Option<PlatformRole>,
}

/// A made account.
#[derive(Serialize, ToSchema)]
pub struct CreatedPerson {
    #[serde(flatten)]
    person: Person,
    /// The drawn one-time password: shown here and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    initial_password: Option<String>,
}

/// Which people.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PeopleParams {
    /// Part of a user name or name.
    #[param(max_length = 60)]
    search: Option<String>,
    /// Only this organization.
    organization: Option<Uuid>,
    /// Only accounts that may (or may not) sign in.
    active: Option<bool>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows of a page; 100 when left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// What changes in an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    /// Whether the person may sign in. Switching off ends their sessions and tokens and keeps their history.
    active: bool,
}

/// A new one-time password.
#[derive(Serialize, ToSchema)]
pub struct OneTimePassword {
    /// Shown here and never again; must be changed at the next sign-in.
    initial_password: String,
}

/// People by user name.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", security(("bearer" = [])), params(PeopleParams),
    responses((status = 200, description = "A page of people.", body = Page<Person>)))]
pub async fn list_people(
    Caller(ctx): Caller,
    Query(params): Query<PeopleParams>,
) -> Result<Json<Page<Person>>, Refusal> {
    let query = PeopleQuery {
        search: params.search,
        organization: params.organization.map(OrganizationId),
        active: params.active,
        after: params.after,
        limit: read_limit(params.limit)?,
    };
    Ok(Json(Page::of(engine::person::list(&ctx, query).await?)))
}

/// Add a person.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", security(("bearer" = [])), request_body = NewPerson,
    responses((status = 201, description = "The account.", body = CreatedPerson)))]
pub async fn create_person(
    Caller(ctx): Caller,
    Json(new): Json<NewPerson>,
) -> Result<(StatusCode, Json<CreatedPerson>), Refusal> {
    let new = domain::account::NewPerson {
        username: new.username,
        name: new.name,
        password: new.password,
        must_change_password: new.must_change_password,
        organization: new.organization,
        team: new.team,
        role: new.role.map(Into::into),
    };
    let made = engine::person::create(&ctx, new).await?;
    let body = CreatedPerson { person: made.person.into(), initial_password: made.initial_password };
    Ok((StatusCode::CREATED, Json(body)))
}

/// Add many people by a roster.
///
/// CSV with a header; columns `username`, `name`, and where wanted `organization`, `team`, `role`, `password`.
#[utoipa::path(post, path = "/api/v1/people/import", tag = "people", security(("bearer" = [])),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What became of each line.", body = RosterReport)))]
pub async fn import_people(Caller(ctx): Caller, Csv(roster): Csv) -> Result<Json<RosterReport>, Refusal> {
    Ok(Json(engine::person::import_roster(&ctx, roster).await?.into()))
}

/// Switch an account on or off.
#[utoipa::path(patch, path = "/api/v1/people/{id}", tag = "people", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The person.")), request_body = PersonChange,
    responses((status = 200, description = "The account.", body = Person)))]
pub async fn change_person(
    Caller(ctx): Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<PersonChange>,
) -> Result<Json<Person>, Refusal> {
    Ok(Json(engine::person::set_active(&ctx, PersonId(id), change.active).await?.into()))
}

/// Draw a new one-time password for a person who lost theirs.
#[utoipa::path(post, path = "/api/v1/people/{id}/password", tag = "people", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The person.")),
    responses((status = 200, description = "The password.", body = OneTimePassword)))]
pub async fn reset_password(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<Json<OneTimePassword>, Refusal> {
    let initial_password = engine::person::reset_password(&ctx, PersonId(id)).await?;
    Ok(Json(OneTimePassword { initial_password }))
}
