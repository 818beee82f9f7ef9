//! Notices about what happened elsewhere, and words for assistive technology alone.

use super::icon::{Icon, icon};
use crate::text::t;
use leptos::prelude::*;
use std::cell::Cell;
use std::time::Duration;

#[derive(Clone, Copy)]
struct Voice {
    toasts: RwSignal<Vec<(u32, String)>>,
    spoken: RwSignal<String>,
    count: StoredValue<u32>,
}

thread_local! {
    static VOICE: Cell<Option<Voice>> = const { Cell::new(None) };
}

pub(crate) fn provide() {
    let voice =
        Voice { toasts: RwSignal::new(Vec::new()), spoken: RwSignal::new(String::new()), count: StoredValue::new(0) };
    provide_context(voice);
    if cfg!(not(feature = "ssr")) {
        VOICE.with(|cell| cell.set(Some(voice)));
    }
}

fn voice() -> Option<Voice> {
    use_context::<Voice>().or_else(|| VOICE.with(Cell::get))
}

/// Shows a notice for some seconds.
pub fn toast(words: impl Into<String>) {
    let Some(voice) = voice() else { return };
    voice.count.update_value(|count| *count += 1);
    let own = voice.count.get_value();
    voice.toasts.update(|toasts| toasts.push((own, words.into())));
    set_timeout(move || voice.toasts.update(|toasts| toasts.retain(|(id, _)| *id != own)), Duration::from_secs(6));
}

/// Says words to assistive technology without showing them.
pub fn announce(words: impl Into<String>) {
    let Some(voice) = voice() else { return };
    let words = words.into();
    // The same words twice are spoken twice only if the text differs.
    let again = voice.spoken.with_untracked(|spoken| *spoken == words);
    voice.spoken.set(if again { format!("{words}\u{a0}") } else { words });
}

/// Where notices appear; once in the frame.
pub(crate) fn place() -> AnyView {
    let Some(voice) = voice() else { return ().into_any() };
    view! {
        <div class="toasts" role="region" aria-label=t(|t| t.shell.notices) aria-live="polite">
            <For each=move || voice.toasts.get() key=|(id, _)| *id let((_, words))>
                <div class="toast">{icon(Icon::Check)}<span>{words}</span></div>
            </For>
        </div>
        <div class="visually-hidden voice" aria-live="polite" aria-atomic="true">{move || voice.spoken.get()}</div>
    }
    .into_any()
}
