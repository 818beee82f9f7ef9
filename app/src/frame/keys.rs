//! The sheet of keys (`?`): those of every page, and those that the page at hand adds.

use crate::browser::is_typing;
use crate::components::Dialog;
use crate::text::{Pick, t};
use leptos::ev;
use leptos::prelude::*;
use std::cell::Cell;

/// Keys that belong together.
#[derive(Clone)]
pub struct KeyGroup {
    /// What they are for.
    pub title: Pick,
    /// Keys and what they do: `("Ctrl+Enter", |t| t.work.submit)`.
    pub keys: Vec<(String, Pick)>,
}

#[derive(Clone, Copy)]
struct Sheet {
    open: RwSignal<bool>,
    offered: RwSignal<Vec<KeyGroup>>,
}

thread_local! {
    static SHEET: Cell<Option<Sheet>> = const { Cell::new(None) };
}

fn sheet() -> Option<Sheet> {
    use_context::<Sheet>().or_else(|| SHEET.with(Cell::get))
}

/// Opens the sheet.
pub fn open() {
    if let Some(sheet) = sheet() {
        sheet.open.set(true);
    }
}

/// Adds the keys of a page for as long as the page is shown.
pub fn offer(groups: Vec<KeyGroup>) {
    let Some(sheet) = sheet() else { return };
    sheet.offered.set(groups);
    on_cleanup(move || {
        sheet.offered.try_set(Vec::new());
    });
}

/// Made at the root, so that pages can offer their keys before the sheet itself is rendered.
pub(crate) fn provide() {
    let sheet = Sheet { open: RwSignal::new(false), offered: RwSignal::new(Vec::new()) };
    provide_context(sheet);
    if cfg!(not(feature = "ssr")) {
        SHEET.with(|cell| cell.set(Some(sheet)));
    }
}

pub(super) fn dialog() -> AnyView {
    let Some(sheet) = sheet() else { return ().into_any() };
    Effect::new(move |_| {
        let listening = window_event_listener(ev::keydown, move |event| {
            if event.key() == "?" && !event.ctrl_key() && !event.alt_key() && !is_typing(&event) {
                event.prevent_default();
                sheet.open.set(true);
            }
        });
        on_cleanup(move || listening.remove());
    });
    let everywhere = || KeyGroup {
        title: |t| t.shell.keys_everywhere,
        keys: vec![
            ("Ctrl+K".to_owned(), |t| t.shell.key_palette),
            ("?".to_owned(), |t| t.shell.key_sheet),
            ("Esc".to_owned(), |t| t.shell.key_close),
        ],
    };
    view! {
        <Dialog open=sheet.open title=t(|t| t.shell.keys) wide=true>
            <div class="keys">
                {move || {
                    sheet
                        .offered
                        .get()
                        .into_iter()
                        .chain([everywhere()])
                        .map(|group| {
                            view! {
                                <section>
                                    <h3>{t(group.title)}</h3>
                                    <dl>
                                        {group
                                            .keys
                                            .into_iter()
                                            .map(|(keys, title)| view! { <div><dt>{caps(&keys)}</dt><dd>{t(title)}</dd></div> })
                                            .collect_view()}
                                    </dl>
                                </section>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </Dialog>
    }
    .into_any()
}

/// Keys as caps: `Ctrl+Enter` as two.
fn caps(keys: &str) -> AnyView {
    keys.split('+').map(|key| view! { <kbd>{key.to_owned()}</kbd> }).collect_view().into_any()
}
