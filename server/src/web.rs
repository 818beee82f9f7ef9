//! Pages and the site's files: the routes of Leptos, and everything that is not a route. Decides nothing about people.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::response::{IntoResponse, Response};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};

use crate::site::Site;

/// What every page needs.
#[derive(Clone, Debug, FromRef)]
pub struct Web {
    options: LeptosOptions,
    site: Arc<Site>,
}

/// The pages, the server functions and the site's files as one router.
pub fn router(address: SocketAddr, site: Site) -> Router {
    let options = LeptosOptions::builder().output_name(site.output_name()).site_addr(address).build();
    let web = Web { options, site: Arc::new(site) };
    let pages = generate_route_list(app::App);
    Router::new()
        .leptos_routes_with_context(&web, pages, || provide_context(()), {
            let options = web.options.clone();
            move || app::shell(options.clone())
        })
        .fallback(file_or_missing_page)
        .with_state(web)
}

/// A file of the site, or else the page that says there is none.
async fn file_or_missing_page(State(web): State<Web>, request: Request) -> Response {
    match web.site.answer(request.method(), request.uri().path(), request.headers()) {
        Some(answer) => answer,
        None => {
            let options = web.options.clone();
            let page = leptos_axum::render_app_to_stream(move || app::shell(options.clone()));
            let mut answer = page(request).await.into_response();
            *answer.status_mut() = axum::http::StatusCode::NOT_FOUND;
            answer
        }
    }
}
