//! Everything that people see, rendered on the server and made live in the browser. Names `engine` only under `rpc/`.
//!
//! [`frame`] stands around the pages, [`pages`] has one file for each, [`components`] is the design system, [`text`] the
//! sentences in both languages, [`rpc`] what the browser asks of the server.
#![allow(clippy::let_unit_value, clippy::needless_lifetimes)] // what `view!` expands to
// Types of views and futures nest deeply.
#![recursion_limit = "512"]
// The module of the pages for work has no use for the rest, and leaves it out.
#![cfg_attr(not(feature = "all-pages"), allow(dead_code, unused_imports))]

pub mod address;
pub mod browser;
pub mod commands;
pub mod components;
pub mod error;
pub mod format;
pub mod frame;
pub mod lang;
pub mod pages;
pub mod rpc;
pub mod session;
pub mod text;
pub mod tools;
pub mod workbench;

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos_meta::MetaTags;
use leptos_meta::{Meta, provide_meta_context};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The document around [`App`], as the server sends it: language and theme are those that the request asks for.
///
/// `options.output_name` carries the hash of the built site, so that its script, module and style sheet can be kept by
/// browsers for ever. `work` names the smaller module that holds no more than [`is_for_work`] pages, and `assist` the script of
/// the worker that helps with drawing, if there are such.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions, work: Option<&str>, assist: Option<&str>) -> impl IntoView + use<> {
    let style = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    let assist = assist.map(|name| format!("/{}/{name}.js", options.site_pkg_dir));
    let asked = use_context::<axum::http::request::Parts>();
    let mut scripts = options.clone();
    if let (Some(work), Some(asked)) = (work, asked)
        && is_for_work(asked.uri.path())
    {
        scripts.output_name = work.into();
    }
    let (lang, theme) = lang::chosen();
    let theme = (!theme.code().is_empty()).then(|| theme.code());
    view! {
        <!DOCTYPE html>
        <html lang=lang.tag() data-theme=theme data-assist=assist>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=style/>
                <AutoReload options/>
                <HydrationScripts options=scripts/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Pages that an annotator's day is made of. They come with a module of their own, about half the size, since the first
/// label of a morning on a weak line waits for all of it.
pub fn is_for_work(path: &str) -> bool {
    matches!(path, "/" | "/password" | "/sign-in") || path.starts_with("/work/")
}

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    lang::provide();
    session::provide();
    components::breadcrumb::provide();
    components::toast::provide();
    frame::keys::provide();
    view! {
        <Meta name="color-scheme" content="light dark"/>
        <Router>
            <Routes fallback=pages::missing::page>
                <Route path=path!("/sign-in") view=pages::sign_in::page ssr=SsrMode::Async/>
                <Route path=path!("/password") view=pages::password::page ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=frame::signed_in ssr=SsrMode::Async>
                    <Route path=path!("/") view=pages::home::page ssr=SsrMode::Async/>
                    <Route path=path!("/work/:project") view=pages::work::page ssr=SsrMode::Async/>
                    <MorePages/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The pages that are not for work: in the whole application only.
#[cfg(feature = "all-pages")]
#[component(transparent)]
fn MorePages() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Outlet ssr=SsrMode::Async>
            <Route path=path!("/figures") view=pages::figures::page ssr=SsrMode::Async/>
            <Route path=path!("/me") view=pages::me::page ssr=SsrMode::Async/>
            <Route path=path!("/organizations") view=pages::organizations::page ssr=SsrMode::Async/>
            <Route path=path!("/people") view=pages::people::page ssr=SsrMode::Async/>
            <Route path=path!("/projects") view=pages::projects::page ssr=SsrMode::Async/>
            <Route path=path!("/projects/new") view=pages::projects::new_page ssr=SsrMode::Async/>
            <ParentRoute path=path!("/projects/:project") view=pages::project::around ssr=SsrMode::Async>
                <Route path=path!("") view=|| pages::project::inside(pages::project::overview::page) ssr=SsrMode::Async/>
                <Route path=path!("batches") view=|| pages::project::inside(pages::project::batches::page) ssr=SsrMode::Async/>
                <Route path=path!("exports") view=|| pages::project::inside(pages::project::exports::page) ssr=SsrMode::Async/>
                <Route path=path!("items") view=|| pages::project::inside(pages::project::items::page) ssr=SsrMode::Async/>
                <Route path=path!("items/:item") view=|| pages::project::inside(pages::project::item::page) ssr=SsrMode::Async/>
                <Route path=path!("setup/:step") view=|| pages::project::inside(pages::setup::page) ssr=SsrMode::Async/>
            </ParentRoute>
            <Route path=path!("/wall") view=pages::wall::page ssr=SsrMode::Async/>
            <Route path=path!("/review") view=pages::review::list ssr=SsrMode::Async/>
            <Route path=path!("/review/:batch") view=pages::review::batch ssr=SsrMode::Async/>
        </ParentRoute>
    }
    .into_inner()
}

/// In the module of the pages for work: whatever else is asked for comes from the server, together with the module that
/// has it.
#[cfg(not(feature = "all-pages"))]
#[component(transparent)]
fn MorePages() -> impl leptos_router::MatchNestedRoutes + Clone {
    fn elsewhere() -> AnyView {
        let location = leptos_router::hooks::use_location();
        let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
        let to = if query.is_empty() { path } else { format!("{path}?{}", query.trim_start_matches('?')) };
        Effect::new(move |_| browser::load(to.clone(), 60));
        components::skeleton()
    }
    view! { <Route path=path!("/*elsewhere") view=elsewhere ssr=SsrMode::Async/> }.into_inner()
}

#[cfg(test)]
mod tests {
    use super::is_for_work;

    #[test]
    fn the_pages_of_an_annotators_day_come_with_the_small_module() {
        for path in ["/", "/sign-in", "/password", "/work/01930000-0000-7000-8000-000000000000"] {
            assert!(is_for_work(path), "{path}");
        }
        for path in ["/projects", "/review", "/figures", "/people", "/worker", "/nowhere", "/me"] {
            assert!(!is_for_work(path), "{path}");
        }
    }
}
