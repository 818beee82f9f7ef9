//! Dialogs on the browser's own `<dialog>`: focus stays inside, Escape closes, what opened it gets the focus back.

use super::button::{Button, Kind};
use super::icon::Icon;
use crate::text::t;
use leptos::html;
use leptos::prelude::*;

/// A dialog over the page. Rendered closed on the server.
#[component]
pub fn Dialog(
    /// Whether it is open; closing by Escape sets it too.
    open: RwSignal<bool>,
    /// Its title.
    #[prop(into)]
    title: TextProp,
    /// Broader than usual.
    #[prop(optional)]
    wide: bool,
    /// Rendered anew each time it opens.
    children: ChildrenFn,
) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() {
            if !dialog.open() {
                // Fails only when the element has left the document.
                let _ = dialog.show_modal();
            }
        } else if dialog.open() {
            dialog.close();
        }
    });
    let name = title.clone();
    view! {
        <dialog
            node_ref=node
            class=if wide { "dialog dialog-wide" } else { "dialog" }
            aria-label=move || name.get().to_string()
            on:close=move |_| open.set(false)
        >
            <Show when=move || open.get()>
                <header class="dialog-head">
                    <h2>{let title = title.clone(); move || title.get()}</h2>
                    <Button
                        label=t(|t| t.shell.close)
                        icon_before=Icon::Close
                        icon_only=true
                        kind=Kind::Quiet
                        keys="Esc"
                        on_press=move |()| open.set(false)
                    />
                </header>
                <div class="dialog-body">{children()}</div>
            </Show>
        </dialog>
    }
    .into_any()
}
