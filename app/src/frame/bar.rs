//! The bar on top: where the page is, search, language, theme, the person.

use super::{keys, palette};
use crate::components::{Icon, breadcrumb, icon};
use crate::lang::{Theme, switch_lang, switch_theme, use_lang, use_theme};
use crate::text::{fill, now, t, table};
use crate::{browser, rpc};
use domain::Lang;
use domain::account::Me;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

pub(super) fn bar(me: &Me) -> AnyView {
    let way = breadcrumb::way();
    // The page tells its way after the bar was made, on the server at another moment than in the browser: both begin
    // without it, so that hydration finds what it expects.
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    // The server writes the document's title when the rest is made, by when its thread may be at another person's page: what is
    // read then is held on to here, and in this person's language (see `text::title`).
    let (told, lang, said) = (ArcRwSignal::from(way), use_lang(), use_lang().get_untracked());
    let title = move || {
        let lang = if cfg!(feature = "ssr") { said } else { lang.get() };
        let page = told.with(|way| way.last().map(|crumb| crumb.title_in(lang)));
        let product = table(lang).shell.product;
        page.map_or_else(|| product.to_owned(), |page| format!("{page} · {product}"))
    };
    view! {
        <header class="bar">
            <Title text=title/>
            <nav class="crumbs" aria-label=t(|t| t.shell.crumbs)>
                <ol>
                    {move || {
                        if live.get() { way.get() } else { Default::default() }
                            .into_iter()
                            .map(|crumb| {
                                let title = crumb.title();
                                match crumb.href {
                                    Some(href) => view! { <li><A href=href>{title}</A></li> }.into_any(),
                                    None => view! { <li aria-current="page">{title}</li> }.into_any(),
                                }
                            })
                            .collect_view()
                    }}
                </ol>
            </nav>
            <button type="button" class="bar-search" aria-keyshortcuts="Control+K" on:click=move |_| palette::open()>
                {icon(Icon::Search)}
                <span>{t(|t| t.shell.search)}</span>
                <kbd>"Ctrl K"</kbd>
            </button>
            <button
                type="button"
                class="btn btn-quiet btn-icon"
                aria-label=t(|t| t.shell.keys)
                title=move || format!("{}（?）", now(|t| t.shell.keys))
                aria-keyshortcuts="?"
                on:click=move |_| keys::open()
            >
                {icon(Icon::Help)}
            </button>
            {lang_button(true)}
            {theme_button()}
            {person(me)}
        </header>
    }
    .into_any()
}

/// Switches the language; with an account it is remembered there too.
pub(crate) fn lang_button(account: bool) -> AnyView {
    let lang = use_lang();
    let switch = move |_| {
        let other = match lang.get_untracked() {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        };
        switch_lang(other);
        if account {
            // The cookie has it already; a failure costs nothing but the choice on another machine.
            spawn_local(async move { drop(rpc::set_lang(other).await) });
        }
    };
    view! {
        <button type="button" class="btn btn-quiet" lang=move || other_tag(lang.get()) title=t(|t| t.shell.switch_lang_hint) on:click=switch>
            {icon(Icon::Language)}
            <span>{t(|t| t.shell.switch_lang)}</span>
        </button>
    }
    .into_any()
}

fn other_tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => Lang::En.tag(),
        Lang::En => Lang::Zh.tag(),
    }
}

/// Goes round the three appearances.
pub(crate) fn theme_button() -> AnyView {
    let theme = use_theme();
    let name = move || match theme.get() {
        Theme::System => now(|t| t.shell.theme_system),
        Theme::Light => now(|t| t.shell.theme_light),
        Theme::Dark => now(|t| t.shell.theme_dark),
    };
    let words = move || fill(now(|t| t.shell.theme_now), &[("theme", name())]);
    view! {
        <button
            type="button"
            class="btn btn-quiet btn-icon"
            aria-label=words
            title=words
            on:click=move |_| switch_theme(match theme.get_untracked() {
                Theme::System => Theme::Light,
                Theme::Light => Theme::Dark,
                Theme::Dark => Theme::System,
            })
        >
            {move || icon(match theme.get() {
                Theme::System => Icon::System,
                Theme::Light => Icon::Light,
                Theme::Dark => Icon::Dark,
            })}
        </button>
    }
    .into_any()
}

fn person(me: &Me) -> AnyView {
    let (name, username) = (me.actor.name.clone(), me.actor.username.clone());
    let label = {
        let name = name.clone();
        move || fill(now(|t| t.shell.me_menu), &[("name", &name)])
    };
    let menu = NodeRef::<html::Details>::new();
    let shut = move || {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    };
    let path = use_location().pathname;
    Effect::new(move |_| {
        path.track();
        shut();
    });
    Effect::new(move |_| {
        let elsewhere = window_event_listener(ev::click, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if menu.get_untracked().is_some_and(|menu| !menu.contains(target.as_ref())) {
                shut();
            }
        });
        on_cleanup(move || elsewhere.remove());
    });
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            shut();
            browser::focus("me");
        }
    };
    view! {
        <details class="menu" node_ref=menu on:keydown=on_key>
            <summary class="btn btn-quiet" id="me" aria-label=label>
                {icon(Icon::Person)}
                <span class="menu-name">{name.clone()}</span>
                {icon(Icon::ChevronDown)}
            </summary>
            <div class="menu-list">
                <p class="menu-head"><b>{name}</b><span>{username}</span></p>
                <A href="/me">{icon(Icon::Gear)}<span>{t(|t| t.shell.account)}</span></A>
                <button type="button" on:click=move |_| leave()>{icon(Icon::SignOut)}<span>{t(|t| t.shell.sign_out)}</span></button>
            </div>
        </details>
    }
    .into_any()
}

/// Signs out and loads the sign-in page anew, so that nothing of the person stays in memory.
pub(super) fn leave() {
    spawn_local(async move {
        drop(rpc::sign_out().await);
        browser::go("/sign-in");
    });
}
