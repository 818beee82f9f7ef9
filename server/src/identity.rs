//! Who asks: a session cookie on pages, `/rpc`, `/upload`, `/media` and `/download`; a bearer token on `/api`.
//! Established here once for all routes; whether they may is not asked here.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::account::Actor;
use tower_sessions::Session;

use crate::address::Address;
use crate::problem::Refusal;
use crate::session;
use crate::state::Server;

/// What a request says of its sender, in its extensions.
#[derive(Debug, Clone)]
pub enum Identity {
    /// Nothing.
    Anonymous,
    /// A person, by session or token.
    Known(Actor),
    /// A token that is not, or no longer, good for anything.
    Refused(domain::Error),
}

/// Reads the bearer token of a program.
pub async fn by_token(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let secret = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer);
    let identity = match secret {
        None => Identity::Anonymous,
        Some(secret) => match engine::account::actor_by_token(&server.engine, secret).await {
            Ok(actor) => match server.floods.person(actor.person, &request) {
                Ok(()) => Identity::Known(actor),
                Err(refusal) => return refusal.into_response(),
            },
            Err(error) => match error.told() {
                // A fault of ours is no statement about the token.
                fault @ (domain::Error::Broken(_) | domain::Error::Unavailable) => {
                    return Refusal::from(fault).into_response();
                }
                refused => Identity::Refused(refused),
            },
        },
    };
    request.extensions_mut().insert(identity);
    next.run(request).await
}

/// Reads the session of a browser. A person who was switched off or removed is nobody from the next request on.
pub async fn by_session(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/pkg/") {
        // The site's own files are the same for everybody: no need to look anybody up.
        return next.run(request).await;
    }
    let Some(session) = request.extensions().get::<Session>().cloned() else {
        return Refusal::broken(anyhow::anyhow!("a browser route outside the session layer")).into_response();
    };
    let identity = match known(&server, &session).await {
        Ok(Some(actor)) => match server.floods.person(actor.person, &request) {
            Ok(()) => Identity::Known(actor),
            Err(refusal) => return refusal.into_response(),
        },
        Ok(None) => Identity::Anonymous,
        Err(refusal) => return refusal.into_response(),
    };
    let address = request.extensions().get::<Address>().map(|address| address.0.to_string()).unwrap_or_default();
    let actor = if let Identity::Known(actor) = &identity { Some(actor.clone()) } else { None };
    // What the server functions of `app` read.
    request.extensions_mut().insert(app::session::Identity { actor, address });
    request.extensions_mut().insert(session::handle(session, server.engine.clone()));
    request.extensions_mut().insert(identity);
    next.run(request).await
}

async fn known(server: &Server, session: &Session) -> Result<Option<Actor>, Refusal> {
    let idle = server.settings.session_idle;
    let person = session::person(session, server.engine.now(), idle).await.map_err(Refusal::broken)?;
    let Some(person) = person else { return Ok(None) };
    let actor = engine::account::actor_by_id(&server.engine, person).await?;
    if actor.is_none() {
        session::end(session).await.map_err(Refusal::broken)?;
    }
    Ok(actor)
}

/// The secret of `Authorization: Bearer …`; the scheme's name is read in any case, as RFC 9110 asks.
pub fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim()).filter(|secret| !secret.is_empty())
}

/// A handler that takes this runs for known people only.
#[derive(Debug, Clone)]
pub struct Caller(pub engine::Ctx);

impl FromRequestParts<Server> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Refusal> {
        match parts.extensions.get::<Identity>() {
            Some(Identity::Known(actor)) if actor.must_change_password => {
                Err(domain::Error::PasswordChangeRequired.into())
            }
            Some(Identity::Known(actor)) => Ok(Self(server.engine.ctx(actor.clone()))),
            Some(Identity::Refused(error)) => Err(error.clone().into()),
            Some(Identity::Anonymous) | None => Err(domain::Error::SignInRequired.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_token_is_read_whatever_the_case_of_its_scheme() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for other in ["", "Bearer", "Bearer ", "Basic abc", "abc"] {
            assert_eq!(bearer(other), None, "{other:?}");
        }
    }
}
