//! The palette (`Ctrl+K`): every page and command that the person may use, found by a part of its name.

use super::{bar, rail};
use crate::browser;
use crate::components::{Dialog, Icon, icon};
use crate::lang::{Theme, switch_lang, switch_theme, use_lang};
use crate::text::{Pick, now, t, table};
use domain::Lang;
use domain::account::Me;
use domain::policy::{Action, Resource, may};
use leptos::ev;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use std::cell::Cell;

/// Something that can be done from here.
#[derive(Clone, Copy)]
pub struct Command {
    /// Its name.
    pub title: Pick,
    /// Its keys, if it has any.
    pub keys: &'static str,
    /// Its picture.
    pub icon: Icon,
    /// Doing it.
    pub run: Callback<()>,
}

#[derive(Clone, Copy)]
struct Palette {
    open: RwSignal<bool>,
    places: RwSignal<Vec<Command>>,
    /// What the page at hand offers.
    offered: RwSignal<Vec<Command>>,
}

thread_local! {
    static PALETTE: Cell<Option<Palette>> = const { Cell::new(None) };
}

fn palette() -> Option<Palette> {
    use_context::<Palette>().or_else(|| PALETTE.with(Cell::get))
}

/// Opens it.
pub fn open() {
    if let Some(palette) = palette() {
        palette.open.set(true);
    }
}

/// Adds the commands of a page for as long as the page is shown.
pub fn offer(commands: Vec<Command>) {
    let Some(palette) = palette() else { return };
    palette.offered.set(commands);
    on_cleanup(move || {
        palette.offered.try_set(Vec::new());
    });
}

pub(super) fn provide_for(me: &Me) {
    let navigate = use_navigate();
    let to = move |href: &'static str| {
        let navigate = navigate.clone();
        Callback::new(move |()| navigate(href, Default::default()))
    };
    let mut places: Vec<Command> = rail::places(me)
        .into_iter()
        .map(|place| Command { title: place.title, keys: "", icon: place.icon, run: to(place.href) })
        .collect();
    if may(&me.actor, Action::Create, Resource::Projects) {
        places.push(Command { title: |t| t.project.new_title, keys: "", icon: Icon::Plus, run: to("/projects/new") });
    }
    places.push(Command { title: |t| t.shell.account, keys: "", icon: Icon::Gear, run: to("/me") });
    let plain = |title: Pick, icon, run: fn()| Command { title, keys: "", icon, run: Callback::new(move |()| run()) };
    places.push(plain(
        |t| t.shell.switch_lang_hint,
        Icon::Language,
        || {
            switch_lang(if use_lang().get_untracked() == Lang::Zh { Lang::En } else { Lang::Zh });
        },
    ));
    places.push(plain(|t| t.shell.theme_light, Icon::Light, || switch_theme(Theme::Light)));
    places.push(plain(|t| t.shell.theme_dark, Icon::Dark, || switch_theme(Theme::Dark)));
    places.push(plain(|t| t.shell.theme_system, Icon::System, || switch_theme(Theme::System)));
    places.push(Command {
        title: |t| t.shell.keys,
        keys: "?",
        icon: Icon::Help,
        run: Callback::new(|()| super::keys::open()),
    });
    places.push(plain(|t| t.shell.sign_out, Icon::SignOut, bar::leave));
    let palette =
        Palette { open: RwSignal::new(false), places: RwSignal::new(places), offered: RwSignal::new(Vec::new()) };
    provide_context(palette);
    if cfg!(not(feature = "ssr")) {
        PALETTE.with(|cell| cell.set(Some(palette)));
    }
    Effect::new(move |_| {
        let listening = window_event_listener(ev::keydown, move |event| {
            if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("k") && !event.is_composing()
            {
                event.prevent_default();
                palette.open.set(true);
            }
        });
        on_cleanup(move || listening.remove());
    });
}

/// Commands whose name in either language holds the words.
fn fitting(palette: Palette, words: &str) -> Vec<Command> {
    let words = words.trim().to_lowercase();
    let both = |command: &Command| {
        [Lang::Zh, Lang::En].iter().any(|lang| (command.title)(table(*lang)).to_lowercase().contains(&words))
    };
    let mut out = palette.offered.get();
    out.extend(palette.places.get());
    out.retain(|command| words.is_empty() || both(command));
    out
}

pub(super) fn dialog() -> AnyView {
    let Some(palette) = palette() else { return ().into_any() };
    let words = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    Effect::new(move |_| {
        if palette.open.get() {
            words.set(String::new());
            at.set(0);
            request_animation_frame(|| browser::focus("palette-words"));
        }
    });
    let list = Memo::new_with_compare(move |_| fitting(palette, &words.get()), |_, _| true);
    let choose = move |command: Command| {
        palette.open.set(false);
        command.run.run(());
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let count = list.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" => {
                if let Some(command) = list.with_untracked(|list| list.get(at.get_untracked()).copied()) {
                    choose(command);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <Dialog open=palette.open title=t(|t| t.shell.search)>
            <input
                id="palette-words"
                class="input"
                type="text"
                role="combobox"
                autocomplete="off"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || format!("palette-{}", at.get())
                aria-label=t(|t| t.shell.search)
                placeholder=t(|t| t.shell.search_placeholder)
                bind:value=words
                on:input=move |_| at.set(0)
                on:keydown=on_key
            />
            <ul class="palette" id="palette-list" role="listbox" aria-label=t(|t| t.shell.search)>
                {move || {
                    list.get()
                        .into_iter()
                        .enumerate()
                        .map(|(n, command)| {
                            view! {
                                <li
                                    id=format!("palette-{n}")
                                    role="option"
                                    class="palette-row"
                                    aria-selected=move || if at.get() == n { "true" } else { "false" }
                                    on:click=move |_| choose(command)
                                >
                                    {icon(command.icon)}
                                    <span>{t(command.title)}</span>
                                    {(!command.keys.is_empty()).then(|| view! { <kbd>{command.keys}</kbd> })}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            {move || list.with(Vec::is_empty).then(|| view! { <p class="field-hint" role="status">{now(|t| t.shell.search_none)}</p> })}
        </Dialog>
    }
    .into_any()
}
