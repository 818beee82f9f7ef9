//! Sign-in and the own account.

use crate::error::AppError;
use domain::Lang;
use domain::account::{Actor, CreatedToken, Me, TokenView};
use domain::id::TokenId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// The caller's own account.
#[server(prefix = "/rpc", endpoint = "get_me", input = Json, output = Json)]
pub async fn get_me() -> Result<Me, AppError> {
    told(engine::account::me(&ctx()?).await)
}

/// Replaces the caller's password. That ends all their sessions; the one at hand begins anew.
#[server(prefix = "/rpc", endpoint = "change_password", input = Json, output = Json)]
pub async fn change_password(old: String, new: String) -> Result<(), AppError> {
    let ctx = ctx()?;
    told(engine::account::change_password(&ctx, old, new).await)?;
    super::session()?.0.sign_in(ctx.actor().person).await.map_err(super::refuse)
}

/// Remembers the language with the account.
#[server(prefix = "/rpc", endpoint = "set_lang", input = Json, output = Json)]
pub async fn set_lang(lang: Lang) -> Result<(), AppError> {
    told(engine::account::set_lang(&ctx()?, lang).await)
}

/// Makes a bearer token; its secret is in this answer alone.
#[server(prefix = "/rpc", endpoint = "create_token", input = Json, output = Json)]
pub async fn create_token(name: String, days: u32) -> Result<CreatedToken, AppError> {
    told(engine::account::create_token(&ctx()?, name, days).await)
}

/// The caller's tokens.
#[server(prefix = "/rpc", endpoint = "list_tokens", input = Json, output = Json)]
pub async fn list_tokens() -> Result<Vec<TokenView>, AppError> {
    told(engine::account::list_tokens(&ctx()?).await)
}

/// Ends a token.
#[server(prefix = "/rpc", endpoint = "revoke_token", input = Json, output = Json)]
pub async fn revoke_token(token: TokenId) -> Result<(), AppError> {
    told(engine::account::revoke_token(&ctx()?, token).await)
}

/// Begins a session; wrong credentials, guessing and deactivation are told.
#[server(prefix = "/rpc", endpoint = "sign_in", input = Json, output = Json)]
pub async fn sign_in(username: String, password: String) -> Result<Actor, AppError> {
    let actor =
        told(engine::account::sign_in(&super::engine()?, &super::identity().address, &username, &password).await)?;
    super::session()?.0.sign_in(actor.person).await.map_err(super::refuse)?;
    Ok(actor)
}

/// Ends the session.
#[server(prefix = "/rpc", endpoint = "sign_out", input = Json, output = Json)]
pub async fn sign_out() -> Result<(), AppError> {
    super::session()?.0.sign_out().await.map_err(super::refuse)
}
