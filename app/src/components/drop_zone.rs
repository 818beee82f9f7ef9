//! A place to drop files on, which is a file picker too.

use super::icon::{Icon, icon};
use crate::browser::files_of;
use leptos::prelude::*;

/// Takes files by drop or by picker.
#[component]
pub fn DropZone(
    /// Unique on the page.
    id: &'static str,
    /// What to drop.
    #[prop(into)]
    title: TextProp,
    /// Which files are understood.
    #[prop(into)]
    hint: TextProp,
    /// Endings, for the picker.
    #[prop(into)]
    accept: String,
    /// More than one.
    #[prop(optional)]
    multiple: bool,
    /// Gets the files.
    on_files: Callback<Vec<web_sys::File>>,
) -> AnyView {
    let over = RwSignal::new(false);
    let give = move |files: Vec<web_sys::File>| {
        if !files.is_empty() {
            on_files.run(files);
        }
    };
    view! {
        <label
            class=move || if over.get() { "drop drop-over" } else { "drop" }
            for=id
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                give(files_of(event.data_transfer().and_then(|data| data.files())));
            }
        >
            {icon(Icon::Upload)}
            <b>{move || title.get()}</b>
            <span>{move || hint.get()}</span>
            <input
                type="file"
                id=id
                class="visually-hidden"
                multiple=multiple
                accept=accept
                on:change=move |event| {
                    let input: web_sys::HtmlInputElement = event_target(&event);
                    give(files_of(input.files()));
                    // So that the same file can be picked again.
                    input.set_value("");
                }
            />
        </label>
    }
    .into_any()
}
