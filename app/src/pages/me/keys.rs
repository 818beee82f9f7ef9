//! My keys: every command of the workbench and of review with the key it has, to be changed by pressing another one.

use crate::commands::own::{self, Taken};
use crate::commands::{Command, Scope};
use crate::components::{Button, ButtonKind, announce};
use crate::lang::use_lang;
use crate::session;
use crate::text::{fill, now, t, table};
use crate::workbench::storage;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// The panel. Its rows come in the browser, which keeps the keys.
pub(super) fn panel() -> AnyView {
    let person = session::use_me().get_untracked().map(|me| me.actor.username).unwrap_or_default();
    let setting = StoredValue::new(own::setting(&person));
    let shown = RwSignal::new(false);
    Effect::new(move |_| {
        own::remember(&storage::setting(&setting.get_value()).unwrap_or_default());
        shown.set(true);
    });
    let version = RwSignal::new(0_u32);
    let waits = RwSignal::new(None::<Command>);
    let refusal = RwSignal::new(None::<(Command, Taken)>);
    let lang = use_lang();
    let changed = move || {
        storage::keep_setting(&setting.get_value(), &own::written());
        version.update(|version| *version = version.wrapping_add(1));
    };
    let pressed = move |event: KeyboardEvent| {
        let Some(command) = waits.get_untracked() else { return };
        if matches!(event.key().as_str(), "Control" | "Shift" | "Alt" | "Meta") || event.is_composing() {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        waits.set(None);
        if event.code() == "Escape" {
            return;
        }
        match own::give(command, &event.code(), event.ctrl_key() || event.meta_key(), event.shift_key()) {
            Ok(()) => {
                refusal.set(None);
                changed();
                announce(format!("{}: {}", (command.title())(table(lang.get_untracked())), command.key_name()));
            }
            Err(taken) => refusal.set(Some((command, taken))),
        }
    };
    let why = move |taken: Taken| match taken {
        Taken::By(other) => fill(now(|t| t.account.key_taken), &[("what", (other.title())(table(lang.get())))]),
        Taken::Labels => now(|t| t.account.key_labels).to_owned(),
        Taken::Fixed => now(|t| t.account.key_fixed).to_owned(),
    };
    let row = move |command: Command| {
        let title = t(command.title());
        let is_waiting = move || waits.get() == Some(command);
        let key = move || {
            version.track();
            if is_waiting() { now(|t| t.account.key_press).to_owned() } else { command.key_name().to_owned() }
        };
        let is_own = move || {
            version.track();
            own::is_own(command)
        };
        view! {
            <li class="own-key">
                <span>{title}</span>
                <button
                    type="button"
                    class="btn own-key-button"
                    class:own-key-own=is_own
                    aria-label=move || format!("{}: {}", title(), key())
                    on:click=move |_| {
                        refusal.set(None);
                        waits.set(Some(command));
                    }
                    on:keydown=pressed
                    on:blur=move |_| waits.set(None)
                >
                    {key}
                </button>
                <Show when=is_own>
                    <Button
                        label=t(|t| t.account.key_reset)
                        kind=ButtonKind::Quiet
                        on_press=move |()| {
                            own::forget(command);
                            changed();
                        }
                    />
                </Show>
                {move || refusal.get().filter(|(refused, _)| *refused == command).map(|(_, taken)| view! {
                    <p class="field-error" role="alert">{why(taken)}</p>
                })}
            </li>
        }
    };
    // Those of the workbench first.
    let rows = move || {
        let (work, review): (Vec<Command>, Vec<Command>) =
            Command::ALL.into_iter().partition(|command| command.works_in(Scope::WorkImage));
        work.into_iter().chain(review).map(row).collect_view()
    };
    view! {
        <section class="panel" aria-labelledby="own-keys">
            <details>
                <summary><h2 id="own-keys" class="own-keys-title">{t(|t| t.account.keys)}</h2></summary>
                <p class="page-lead">{t(|t| t.account.keys_text)}</p>
                <ul class="own-keys">{move || shown.get().then(rows)}</ul>
            </details>
        </section>
    }
    .into_any()
}
