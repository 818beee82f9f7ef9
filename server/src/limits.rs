//! Limits on what comes in and how long it takes. Uploads have their own: they are streamed and counted by the engine.

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;

use crate::problem::{Refusal, Wrong};
use crate::state::Server;

/// An import of a file: large, slow and streamed.
fn is_upload(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::POST
        && path.ends_with("/imports")
        && (path.starts_with("/upload/") || path.starts_with("/api/"))
}

/// Refuses bodies over the limit, at once where the length is told and while reading where it is not.
pub async fn body(State(server): State<Server>, request: Request, next: Next) -> Response {
    let upload = is_upload(&request);
    let most = if upload { server.settings.upload_max } else { server.settings.body_max };
    let size = request.body().size_hint();
    if size.lower() > most {
        return Refusal::from(domain::Error::TooLarge(most)).into_response();
    }
    if upload {
        return next.run(request).await;
    }
    // Server functions collect their body without a word of ours between: there the length must be told.
    if size.exact().is_none() && request.uri().path().starts_with("/rpc/") {
        return Refusal::from(Wrong::Length).into_response();
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    next.run(request.map(|body| Body::new(Limited::new(body, most)))).await
}

/// Gives up on requests that take too long.
pub async fn time(State(server): State<Server>, request: Request, next: Next) -> Response {
    if is_upload(&request) {
        return next.run(request).await;
    }
    match tokio::time::timeout(server.settings.request_timeout, next.run(request)).await {
        Ok(answer) => answer,
        Err(_elapsed) => Refusal::from(Wrong::Time).into_response(),
    }
}
