//! The frame around every page of a signed-in person: the rail, the bar, the palette, the sheet of keys, the dialog that
//! asks to sign in again. Pages render inside and tell it only where they are.

mod again;
mod bar;
pub mod keys;
pub mod palette;
mod rail;

pub(crate) use bar::{lang_button, theme_button};

use crate::components::{ask, toast};
use crate::error::AppError;
use crate::session;
use crate::text::t;
use crate::{address, browser, components, rpc};
use domain::account::Me;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

/// The pages for people who are signed in. Who is not is sent to sign-in and comes back afterwards; who still has a
/// one-time password is sent to replace it.
///
/// The server decides that much and renders bones; the pages themselves are made in the browser. Below a suspended parent
/// the server makes a page more than once, and each time its resources take new numbers: the browser would read the
/// answers of others by them, and hydration would not find what it expects.
pub(crate) fn signed_in() -> AnyView {
    let location = use_location();
    let asked = move || {
        let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
        if query.is_empty() { path } else { format!("{path}?{}", query.trim_start_matches('?')) }
    };
    #[cfg(feature = "ssr")]
    if let Some(to) = gate(&asked()) {
        leptos_axum::redirect(&to);
    }
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    (move || if live.get() { for_me(asked) } else { components::skeleton() }).into_any()
}

/// Where a request belongs that may not see these pages.
#[cfg(feature = "ssr")]
pub(crate) fn gate(asked: &str) -> Option<String> {
    let parts = use_context::<axum::http::request::Parts>()?;
    match parts.extensions.get::<session::Identity>().and_then(|identity| identity.actor.as_ref()) {
        Some(actor) => actor.must_change_password.then(|| "/password".to_owned()),
        None => Some(sign_in_for(asked)),
    }
}

/// The sign-in page that leads back afterwards.
fn sign_in_for(asked: &str) -> String {
    if asked == "/" { "/sign-in".to_owned() } else { address::with("/sign-in", &[("to", asked)]) }
}

fn for_me(asked: impl Fn() -> String + Clone + Send + Sync + 'static) -> AnyView {
    let me = ask(|| (), |()| rpc::get_me());
    let retry = Callback::new(move |()| me.refetch());
    (move || match me.answer.get() {
        None => components::skeleton(),
        Some(Ok(me)) if me.actor.must_change_password => {
            send_to("/password".to_owned());
            ().into_any()
        }
        Some(Ok(me)) => frame(me),
        Some(Err(AppError::Refused(domain::Error::SignInRequired | domain::Error::Deactivated))) => {
            send_to(sign_in_for(&asked()));
            ().into_any()
        }
        Some(Err(error)) => view! { <main class="alone">{components::error_state(error, retry)}</main> }.into_any(),
    })
    .into_any()
}

/// In place of a page that this module cannot show: the server sends it, together with the module that can.
pub(crate) fn elsewhere() -> AnyView {
    let location = use_location();
    let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
    let to = if query.is_empty() { path } else { format!("{path}?{}", query.trim_start_matches('?')) };
    Effect::new(move |_| browser::load(to.clone(), 60));
    components::skeleton()
}

/// To another page, before this one is shown: a redirect on the server, a load in the browser.
pub(crate) fn send_to(path: String) {
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(&path);
    Effect::new(move |_| browser::go(&path));
}

fn frame(me: Me) -> AnyView {
    session::set_me(me.clone());
    palette::provide_for(&me);
    view! {
        // The router would scroll there and leave the focus behind.
        <a class="skip" href="#main" on:click=move |event| {
            event.prevent_default();
            browser::focus("main");
        }>{t(|t| t.shell.skip)}</a>
        <div class="frame">
            {rail::rail(&me)}
            {bar::bar(&me)}
            <main id="main" class="main" tabindex="-1"><Outlet/></main>
        </div>
        {palette::dialog()}
        {keys::dialog()}
        {again::dialog(me.actor.username)}
        {toast::place()}
    }
    .into_any()
}
