//! Every route in one place, and the layers around them in the order a request meets them.

use std::any::Any;

use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use uuid::Uuid;

use crate::problem::{Refusal, Wrong};
use crate::site::Site;
use crate::state::Server;
use crate::{
    address, browser, floods, forgery, headers, identity, limits, metrics, problem, rest, session, trace, web,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The whole server as one service.
pub fn router(server: &Server, site: Site) -> Router {
    // For programs: bearer tokens.
    let (api, document) = rest::router();
    let api = api
        .route(rest::openapi::PATH, get(rest::openapi::serve(&document)))
        .layer(from_fn_with_state(server.clone(), identity::by_token));

    // For browsers: the session cookie, and only from our own pages.
    let pages = browser::router()
        .merge(web::router(server, site))
        .layer(from_fn_with_state(server.clone(), identity::by_session))
        .layer(session::layer(server.engine.clone(), &server.settings));

    // For whoever watches the process.
    let watch = Router::new()
        .route("/healthz", get(metrics::health))
        .route("/metrics", get(metrics::show))
        .route("/readyz", get(metrics::ready));

    let compressed = SizeAbove::new(512)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::new("application/octet-stream"))
        .and(NotForContentType::new("application/wasm"));
    let with = |server: &Server| server.clone();
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, RequestIds))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(from_fn_with_state(with(server), address::find))
        .layer(from_fn_with_state(with(server), trace::request))
        .layer(from_fn_with_state(with(server), metrics::count))
        .layer(from_fn_with_state(with(server), headers::add))
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(from_fn(problem::render))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(with(server), limits::crowd))
        .layer(from_fn_with_state(with(server), floods::by_address))
        .layer(from_fn_with_state(with(server), limits::time))
        .layer(from_fn_with_state(with(server), forgery::guard))
        .layer(from_fn_with_state(with(server), limits::body));
    api.merge(pages).merge(watch).method_not_allowed_fallback(wrong_method).with_state(server.clone()).layer(layers)
}

async fn wrong_method() -> Response {
    Refusal::from(Wrong::Method).into_response()
}

/// A panic is a fault of ours like any other: told by a reference, its cause in the log.
fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let said = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("without a word");
    Refusal::broken(anyhow::anyhow!("panic: {said}")).into_response()
}

/// A new id for every request; a caller's own is not believed, so that log lines cannot be mixed up on purpose.
#[derive(Clone, Copy)]
struct RequestIds;

impl MakeRequestId for RequestIds {
    fn make_request_id<B>(&mut self, _request: &axum::http::Request<B>) -> Option<RequestId> {
        HeaderValue::from_str(&Uuid::now_v7().simple().to_string()).ok().map(RequestId::new)
    }
}
