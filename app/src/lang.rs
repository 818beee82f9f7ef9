//! The language and the theme of the screens: chosen on the server by cookie, account and browser, switched in the
//! browser without a reload. The document's own attributes carry the choice across, so that hydration sees what the
//! server rendered.

use crate::browser;
use domain::Lang;
use leptos::prelude::*;
use std::cell::Cell;

/// Light, dark, or whatever the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The value of the cookie and of `data-theme`; empty for the system's.
    pub fn code(self) -> &'static str {
        match self {
            Theme::System => "",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn parse(code: &str) -> Theme {
        match code {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }
}

#[derive(Clone, Copy)]
struct Choice {
    lang: RwSignal<Lang>,
    theme: RwSignal<Theme>,
}

thread_local! {
    // Handlers and tasks in the browser run outside any owner; there is one document, so there is one choice.
    static CHOICE: Cell<Option<Choice>> = const { Cell::new(None) };
}

/// Puts the choice into the context of the application; called once, at its root.
pub(crate) fn provide() {
    let (lang, theme) = chosen();
    let choice = Choice { lang: RwSignal::new(lang), theme: RwSignal::new(theme) };
    provide_context(choice);
    if cfg!(not(feature = "ssr")) {
        CHOICE.with(|cell| cell.set(Some(choice)));
    }
    Effect::new(move |_| {
        browser::set_root_attribute("lang", choice.lang.get().tag());
        browser::set_root_attribute("data-theme", choice.theme.get().code());
    });
}

fn choice() -> Choice {
    use_context::<Choice>().or_else(|| CHOICE.with(Cell::get)).unwrap_or_else(|| Choice {
        // Only route discovery at the start of the server renders without a request.
        lang: RwSignal::new(Lang::Zh),
        theme: RwSignal::new(Theme::System),
    })
}

/// The language of the screens.
pub fn use_lang() -> Signal<Lang> {
    choice().lang.into()
}

/// The theme of the screens.
pub fn use_theme() -> Signal<Theme> {
    choice().theme.into()
}

/// Switches the language at once and remembers it in this browser.
pub fn switch_lang(lang: Lang) {
    choice().lang.set(lang);
    browser::set_cookie("lang", lang.code());
}

/// Switches the theme at once and remembers it in this browser.
pub fn switch_theme(theme: Theme) {
    choice().theme.set(theme);
    browser::set_cookie("theme", theme.code());
}

/// What the request asks for: cookie, then account, then `Accept-Language`.
#[cfg(feature = "ssr")]
pub(crate) fn chosen() -> (Lang, Theme) {
    use axum::http::{header, request::Parts};
    let Some(parts) = use_context::<Parts>() else { return (Lang::Zh, Theme::System) };
    let cookie = |name: &str| {
        parts
            .headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.to_owned())
    };
    let account = || {
        let identity = parts.extensions.get::<crate::session::Identity>()?;
        identity.actor.as_ref()?.lang
    };
    let browser = || parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let lang = cookie("lang")
        .and_then(|code| Lang::parse(&code))
        .or_else(account)
        .unwrap_or_else(|| browser().map_or(Lang::Zh, Lang::negotiate));
    (lang, Theme::parse(&cookie("theme").unwrap_or_default()))
}

/// What the server rendered.
#[cfg(not(feature = "ssr"))]
fn chosen() -> (Lang, Theme) {
    let lang = browser::root_attribute("lang").and_then(|tag| Lang::parse(&tag)).unwrap_or_default();
    (lang, Theme::parse(&browser::root_attribute("data-theme").unwrap_or_default()))
}
