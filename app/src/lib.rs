//! Everything that people see, rendered on the server and made live in the browser. Names `engine` only under `rpc/`.
//!
//! [`frame`] stands around the pages, [`pages`] has one file for each, [`components`] is the design system, [`text`] the
//! sentences in both languages, [`rpc`] what the browser asks of the server.
#![allow(clippy::let_unit_value, clippy::needless_lifetimes)] // what `view!` expands to
// Types of views and futures nest deeply.
#![recursion_limit = "512"]
// The modules of the pages for work have no use for the rest, and leave it out.
#![cfg_attr(not(feature = "all-pages"), allow(dead_code, unused_imports))]

pub mod address;
pub mod browser;
pub mod commands;
pub mod components;
pub mod error;
pub mod format;
pub mod frame;
pub mod lang;
pub mod module;
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
/// The names carry the hash of the built site, so that its scripts, modules and style sheet can be kept by browsers for ever.
/// Which module comes along is said by [`module::Module`].
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions, names: &module::Names) -> impl IntoView + use<> {
    let style = format!("/{}/{}.css", options.site_pkg_dir, names.whole);
    let assist = names.assist.as_ref().map(|name| format!("/{}/{name}.js", options.site_pkg_dir));
    let mut scripts = options.clone();
    if let Some(asked) = use_context::<axum::http::request::Parts>() {
        let modality = asked.extensions.get::<module::WorksOn>().map(|on| on.0);
        scripts.output_name = names.of(module::Module::of(asked.uri.path(), modality)).into();
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

/// In the modules of the pages for work: whatever else is asked for comes from the server.
#[cfg(not(feature = "all-pages"))]
#[component(transparent)]
fn MorePages() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("/*elsewhere") view=frame::elsewhere ssr=SsrMode::Async/> }.into_inner()
}
