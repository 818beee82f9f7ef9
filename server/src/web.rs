//! Pages, server functions and the site's files: the routes of Leptos, and everything that is not a route. Decides
//! nothing about people: who asks is in the request's extensions, put there by [`crate::identity`].

use std::sync::Arc;

use app::module::{Names, WorksOn, workbench_of};
use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use domain::error::Noun;
use engine::Engine;
use leptos::nonce::use_nonce;
use leptos::prelude::{LeptosOptions, provide_context, use_context};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};

use crate::headers::page_policy;
use crate::identity::Identity;
use crate::problem::{Refusal, is_for_programs};
use crate::site::Site;
use crate::state::Server;

/// What every page needs.
#[derive(Clone, Debug, FromRef)]
pub struct Web {
    options: LeptosOptions,
    names: Arc<Names>,
    site: Arc<Site>,
    engine: Engine,
}

/// The pages, the server functions and the site's files as one router.
pub fn router(server: &Server, site: Site) -> Router<Server> {
    let names = Arc::new(site.names());
    let options = LeptosOptions::builder().output_name(names.whole.as_str()).site_addr(server.settings.addr).build();
    let web = Web { options, names, site: Arc::new(site), engine: server.engine.clone() };
    let pages = generate_route_list(app::App);
    let engine = web.engine.clone();
    Router::new()
        .leptos_routes_with_context(&web, pages, move || prepare(&engine), {
            let web = web.clone();
            move || app::shell(web.options.clone(), &web.names)
        })
        .fallback(file_or_missing_page)
        .layer(from_fn_with_state(web.clone(), find_modality))
        .with_state(web)
}

/// What the workbench that is asked for works on, where this person may see it: by that the page's head names the module
/// ([`app::module`]). Where it cannot be said the page comes with a module for both, and tells by itself what is wrong.
async fn find_modality(State(engine): State<Engine>, mut request: Request, next: Next) -> Response {
    if let Some(project) = workbench_of(request.uri().path())
        && let Some(Identity::Known(actor)) = request.extensions().get::<Identity>()
        && let Ok(modality) = engine::project::modality(&engine.ctx(actor.clone()), project).await
    {
        request.extensions_mut().insert(WorksOn(modality));
    }
    next.run(request).await
}

/// The context of a page or server function: the engine, and for pages the policy that names their nonce.
fn prepare(engine: &Engine) {
    provide_context(engine.clone());
    if let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce, engine::blob::signed_origin(engine)))
    {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        // A page shows what this person may see: nobody else's cache may keep it, and going back asks again.
        options.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
}

/// A file of the site, or else the page that says there is none.
async fn file_or_missing_page(State(web): State<Web>, request: Request) -> Response {
    if let Some(answer) = web.site.answer(request.method(), request.uri().path(), request.headers()) {
        return answer;
    }
    if is_for_programs(request.uri().path()) {
        return Refusal::from(domain::Error::NotFound(Noun::Page)).into_response();
    }
    let engine = web.engine.clone();
    let page = leptos_axum::render_app_to_stream_with_context(
        move || prepare(&engine),
        move || app::shell(web.options.clone(), &web.names),
    );
    let mut answer = page(request).await.into_response();
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer
}
