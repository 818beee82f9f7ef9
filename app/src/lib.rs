//! Everything that people see, rendered on the server and made live in the browser. Names `engine` only under `rpc/`.
#![allow(clippy::let_unit_value, clippy::needless_lifetimes)] // what `view!` expands to

use leptos::prelude::*;
use leptos_meta::{Meta, MetaTags, Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

/// The document around [`App`], as the server sends it.
///
/// `options.output_name` carries the hash of the built site, so that its script, module and style sheet can be kept by
/// browsers for ever.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let style = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html lang="zh-CN">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=style/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
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
    view! {
        <Meta name="color-scheme" content="light dark"/>
        <Title text="梯田 Terrace"/>
        <Router>
            <Routes fallback=|| view! { <h1>"没有这一页"</h1> }>
                <Route path=path!("/") view=Home/>
            </Routes>
        </Router>
    }
}

/// The start page.
#[component]
fn Home() -> impl IntoView {
    let (count, set_count) = signal(0_u32);
    view! {
        <main>
            <h1>"梯田 Terrace"</h1>
            <button type="button" on:click=move |_| set_count.update(|count| *count += 1)>
                "数一数 " <output>{count}</output>
            </button>
        </main>
    }
    .into_any()
}
