//! The server functions: what the browser calls. Bodies of a line or two over `engine`, which authorises; the only place
//! in this crate that names `engine`. Private to one build of the site, so domain types travel as they are.

pub mod account;
pub mod annotation;
pub mod batch;
pub mod claim;
pub mod export;
pub mod figures;
pub mod import;
pub mod inspection;
pub mod item;
pub mod organization;
pub mod person;
pub mod project;

pub use account::*;
pub use annotation::*;
pub use batch::*;
pub use claim::*;
pub use export::*;
pub use figures::*;
pub use import::*;
pub use inspection::*;
pub use item::*;
pub use organization::*;
pub use person::*;
pub use project::*;

#[cfg(feature = "ssr")]
use crate::error::{AppError, set_status};
#[cfg(feature = "ssr")]
use crate::session::{Identity, SessionHandle};
#[cfg(feature = "ssr")]
use axum::http::request::Parts;
#[cfg(feature = "ssr")]
use leptos::prelude::*;

/// The engine, as `server` put it into the context.
#[cfg(feature = "ssr")]
fn engine() -> Result<engine::Engine, AppError> {
    use_context::<engine::Engine>().ok_or_else(|| refuse(domain::Error::Unavailable))
}

/// Who sent the request.
#[cfg(feature = "ssr")]
fn identity() -> Identity {
    use_context::<Parts>().and_then(|parts| parts.extensions.get::<Identity>().cloned()).unwrap_or_default()
}

/// The session of the request.
#[cfg(feature = "ssr")]
fn session() -> Result<SessionHandle, AppError> {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<SessionHandle>().cloned())
        .ok_or_else(|| refuse(domain::Error::Unavailable))
}

/// Who asks; refuses when nobody is signed in.
#[cfg(feature = "ssr")]
fn ctx() -> Result<engine::Ctx, AppError> {
    let actor = identity().actor.ok_or_else(|| refuse(domain::Error::SignInRequired))?;
    Ok(engine()?.ctx(actor))
}

/// The engine's answer in the caller's terms; a cause is logged there, once.
#[cfg(feature = "ssr")]
fn told<T>(result: engine::Result<T>) -> Result<T, AppError> {
    result.map_err(|error| refuse(error.told()))
}

/// An error of a server function. A page that meets one decides by itself what that means for its own status.
#[cfg(feature = "ssr")]
fn refuse(error: domain::Error) -> AppError {
    let error = AppError::Refused(error);
    if use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/rpc/")) {
        set_status(&error);
    }
    error
}
