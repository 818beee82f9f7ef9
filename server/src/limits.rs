//! Limits on what comes in, how much of it at a time and how long it takes. Uploads have their own: they are streamed and
//! counted by the engine.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;

use crate::problem::{Refusal, Wrong};
use crate::state::Server;

/// The requests that are worked. Where more come than can be answered, all of them would wait longer and longer, until
/// nobody's is answered in time; so those on top are told to come again, which is done in microseconds.
#[derive(Debug)]
pub struct Crowd {
    most: usize,
    now: AtomicUsize,
    refused: AtomicU64,
}

impl Crowd {
    /// Room for so many.
    pub fn new(most: usize) -> Self {
        Self { most, now: AtomicUsize::new(0), refused: AtomicU64::new(0) }
    }

    /// How many are worked, and how many were told to come again since the start.
    pub fn counted(&self) -> (usize, u64) {
        (self.now.load(Ordering::Relaxed), self.refused.load(Ordering::Relaxed))
    }

    fn enter(&self) -> Option<Within<'_>> {
        if self.now.fetch_add(1, Ordering::Relaxed) < self.most {
            return Some(Within(self));
        }
        self.now.fetch_sub(1, Ordering::Relaxed);
        self.refused.fetch_add(1, Ordering::Relaxed);
        None
    }
}

/// One request's place; free again when this is dropped, be it that the caller went away.
struct Within<'a>(&'a Crowd);

impl Drop for Within<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Tells who comes on top of too many to try again. Not those who watch the process: they ask because it is busy.
pub async fn crowd(State(server): State<Server>, request: Request, next: Next) -> Response {
    if is_upload(&request) || matches!(request.uri().path(), "/healthz" | "/readyz" | "/metrics") {
        return next.run(request).await;
    }
    let Some(_within) = server.crowd.enter() else {
        return Refusal::from(domain::Error::Unavailable).into_response();
    };
    next.run(request).await
}

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
        Err(_elapsed) => {
            tracing::warn!("not answered in time");
            Refusal::from(Wrong::Time).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_many_and_again_when_one_leaves() {
        let crowd = Crowd::new(2);
        let first = crowd.enter();
        let second = crowd.enter();
        assert!(first.is_some() && second.is_some() && crowd.enter().is_none());
        assert_eq!(crowd.counted(), (2, 1));
        drop(first);
        assert!(crowd.enter().is_some());
        assert_eq!(crowd.counted(), (1, 1));
    }
}
