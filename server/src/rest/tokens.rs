//! Tokens: how a program signs in.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use domain::account::{Actor, CreatedToken, TokenView};
use domain::id::TokenId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::extract::{Json, Path};
use super::people::PlatformRole;
use super::shape::{List, moment, moment_of};
use crate::address::Address;
use crate::identity::{Caller, bearer};
use crate::problem::Refusal;
use crate::state::Server;

/// A sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// The user name.
    #[schema(min_length = 1, max_length = 200)]
    username: String,
    /// The password.
    #[schema(min_length = 1, max_length = 1000)]
    password: String,
    /// Replaces the password if it is a one-time one, which opens nothing else.
    #[serde(default)]
    #[schema(min_length = 8, max_length = 128)]
    new_password: Option<String>,
    /// What the token is for; shown in the list of tokens.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 60)]
    name: Option<String>,
    /// Days until it ends; 30 when left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 365)]
    days: Option<u32>,
}

/// A new token. The secret is shown here and never again.
#[derive(Serialize, ToSchema)]
pub struct Token {
    /// To be sent as `Authorization: Bearer …`.
    token: String,
    /// When it ends.
    #[schema(format = DateTime)]
    expires_at: String,
    /// Whose it is.
    person: TokenPerson,
}

/// Whose token it is.
#[derive(Serialize, ToSchema)]
pub struct TokenPerson {
    id: Uuid,
    username: String,
    name: String,
    role: PlatformRole,
    organization: Option<Uuid>,
}

impl From<&Actor> for TokenPerson {
    fn from(actor: &Actor) -> Self {
        Self {
            id: actor.person.0,
            username: actor.username.clone(),
            name: actor.name.clone(),
            role: actor.role.into(),
            organization: actor.organization.map(|id| id.0),
        }
    }
}

/// A token without its secret.
#[derive(Serialize, ToSchema)]
pub struct TokenRow {
    id: Uuid,
    name: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    expires_at: String,
    /// To the minute.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

impl From<TokenView> for TokenRow {
    fn from(view: TokenView) -> Self {
        Self {
            id: view.id.0,
            name: view.name,
            created_at: moment(view.created_at),
            expires_at: moment(view.expires_at),
            last_used_at: moment_of(view.last_used_at),
        }
    }
}

/// Sign in with user name and password.
///
/// Guessing is slowed down for the account and for the caller's address: then the answer is 429.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "account", request_body = NewToken,
    responses((status = 201, description = "The token.", body = Token)))]
pub async fn create_token(
    State(server): State<Server>,
    Extension(address): Extension<Address>,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<Token>), Refusal> {
    let engine = &server.engine;
    let address = address.0.to_string();
    let mut actor = engine::account::sign_in(engine, &address, &new.username, &new.password).await?;
    if actor.must_change_password {
        let fresh = new.new_password.ok_or(domain::Error::PasswordChangeRequired)?;
        engine::account::change_password(&engine.ctx(actor.clone()), new.password, fresh).await?;
        let again = engine::account::actor_by_id(engine, actor.person).await?;
        actor = again.ok_or(domain::Error::Deactivated)?;
    }
    let ctx = engine.ctx(actor);
    let name = new.name.unwrap_or_else(|| "REST".to_owned());
    let CreatedToken { token, view } = engine::account::create_token(&ctx, name, new.days.unwrap_or(30)).await?;
    let made = Token { token, expires_at: moment(view.expires_at), person: ctx.actor().into() };
    Ok((StatusCode::CREATED, Json(made)))
}

/// The caller's tokens.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "account", security(("bearer" = [])),
    responses((status = 200, description = "The tokens.", body = List<TokenRow>)))]
pub async fn list_tokens(Caller(ctx): Caller) -> Result<Json<List<TokenRow>>, Refusal> {
    Ok(Json(List::of(engine::account::list_tokens(&ctx).await?)))
}

/// End the token of this very request.
#[utoipa::path(delete, path = "/api/v1/tokens/current", tag = "account", security(("bearer" = [])),
    responses((status = 204, description = "It has ended.")))]
pub async fn revoke_current_token(Caller(ctx): Caller, headers: HeaderMap) -> Result<StatusCode, Refusal> {
    let secret = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer);
    engine::account::revoke_secret(&ctx, secret.unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End one of the caller's tokens.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "account", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The token.")),
    responses((status = 204, description = "It has ended.")))]
pub async fn revoke_token(Caller(ctx): Caller, Path(id): Path<Uuid>) -> Result<StatusCode, Refusal> {
    engine::account::revoke_token(&ctx, TokenId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
