//! Accounts: sign-in with its limits, sessions, passwords, tokens.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

pub(crate) mod entity;
use crate::error::Result;
use crate::{Ctx, Engine};
use domain::account::{Actor, CreatedToken, Me, TokenView};
use domain::id::{PersonId, TokenId};
use domain::lang::Lang;

/// Signs in with user name and password.
pub async fn sign_in(engine: &Engine, address: &str, username: &str, password: &str) -> Result<Actor> {
    todo!()
}
/// The actor of a session.
pub async fn actor_by_id(engine: &Engine, person: PersonId) -> Result<Option<Actor>> {
    todo!()
}
/// The actor of a bearer token.
pub async fn actor_by_token(engine: &Engine, secret: &str) -> Result<Actor> {
    todo!()
}
/// The caller's own account.
pub async fn me(ctx: &Ctx) -> Result<Me> {
    todo!()
}
/// Changes the caller's password.
pub async fn change_password(ctx: &Ctx, old: String, new: String) -> Result<()> {
    todo!()
}
/// Sets the caller's language.
pub async fn set_lang(ctx: &Ctx, lang: Lang) -> Result<()> {
    todo!()
}
/// Makes a bearer token.
pub async fn create_token(ctx: &Ctx, name: String, days: u32) -> Result<CreatedToken> {
    todo!()
}
/// The caller's tokens.
pub async fn list_tokens(ctx: &Ctx) -> Result<Vec<TokenView>> {
    todo!()
}
/// Ends a token of the caller.
pub async fn revoke_token(ctx: &Ctx, token: TokenId) -> Result<()> {
    todo!()
}
/// Ends the token with this secret.
pub async fn revoke_secret(ctx: &Ctx, secret: &str) -> Result<()> {
    todo!()
}

/// Browser sessions, opaque to the engine.
pub mod session {
    use super::*;
    use domain::time::Millis;
    /// Loads a session that has not expired.
    pub async fn load(engine: &Engine, id: &str) -> Result<Option<(String, Millis)>> {
        todo!()
    }
    /// Writes a session.
    pub async fn save(
        engine: &Engine,
        id: String,
        data: String,
        expires: Millis,
        person: Option<PersonId>,
    ) -> Result<()> {
        todo!()
    }
    /// Ends a session.
    pub async fn delete(engine: &Engine, id: String) -> Result<()> {
        todo!()
    }
    /// Removes expired sessions.
    pub async fn delete_expired(engine: &Engine) -> Result<()> {
        todo!()
    }
}
