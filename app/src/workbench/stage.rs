//! The stage that fits an item, with the buttons of its view above.

use super::editor::Editor;
use super::image_stage::ImageStage;
use super::text_stage::TextStage;
use crate::commands::Command;
use crate::lang::use_lang;
use crate::text::{fill, now, t, table};
use crate::workbench::keyboard;
use domain::project::Modality;
use leptos::prelude::*;

/// A stage of this modality.
#[component]
pub fn Stage(
    /// The item on it.
    editor: Editor,
    /// Text or image.
    modality: Modality,
    /// The element's id, unique on the page.
    #[prop(into)]
    id: String,
    /// What it is called; "the text to label" where nothing is given.
    #[prop(into, optional)]
    label: Option<TextProp>,
) -> AnyView {
    match modality {
        Modality::Text => {
            let label = label.unwrap_or_else(|| t(|t| t.work.stage_text).into());
            view! { <TextStage editor label id/> }.into_any()
        }
        Modality::Image => {
            let label = label.unwrap_or_else(|| t(|t| t.work.stage_image).into());
            view! { <ImageStage editor label id/> }.into_any()
        }
    }
}

/// The buttons of the view: zoom, undo and redo.
#[component]
pub fn StageTools(
    /// The item on the stage.
    editor: Editor,
    /// Text or image.
    modality: Modality,
) -> AnyView {
    let image = modality == Modality::Image;
    let undo = Signal::derive(move || !editor.document.with(|document| document.can_undo()));
    let redo = Signal::derive(move || !editor.document.with(|document| document.can_redo()));
    let scale = move || {
        let percent = format!("{:.0}", editor.view.get().scale * 100.0);
        fill(now(|t| t.work.zoom), &[("n", &percent)])
    };
    let boxes = editor.schema.with_value(|schema| {
        schema.controls.iter().any(|control| matches!(control.kind, domain::schema::Kind::Box { .. }))
    });
    let letters = move || format!("{} {} px", now(|t| t.work.letters), editor.letters.get());
    view! {
        <div class="stage-tools" role="toolbar" aria-label=t(|t| t.work.tools)>
            <Show when=move || editor.editable.get()>
                {tool(editor, Command::Undo, "↶", undo)}
                {tool(editor, Command::Redo, "↷", redo)}
                {boxes.then(|| extremes(editor))}
            </Show>
            {tool(editor, Command::ZoomOut, "−", Signal::stored(false))}
            <span class="stage-scale">{move || if image { scale() } else { letters() }}</span>
            {tool(editor, Command::ZoomIn, "+", Signal::stored(false))}
            {image.then(|| view! {
                {tool(editor, Command::Fit, "⤢", Signal::stored(false))}
                {tool(editor, Command::Actual, "1:1", Signal::stored(false))}
            })}
        </div>
    }
    .into_any()
}

/// The switch between dragging boxes and clicking on their extremes.
fn extremes(editor: Editor) -> AnyView {
    let lang = use_lang();
    let command = Command::Extremes;
    let name = move || (command.title())(table(lang.get()));
    view! {
        <button
            type="button"
            class="tool-button"
            title=move || format!("{} ({})", name(), command.key_name())
            aria-label=name
            aria-keyshortcuts=command.key_name()
            aria-pressed=move || if editor.extremes.get() { "true" } else { "false" }
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| { keyboard::own(editor, command); }
        >
            <span aria-hidden="true">"⊹"</span>
        </button>
    }
    .into_any()
}

fn tool(editor: Editor, command: Command, face: &'static str, disabled: Signal<bool>) -> AnyView {
    let lang = use_lang();
    let name = move || (command.title())(table(lang.get()));
    view! {
        <button
            type="button"
            class="tool-button"
            title=move || format!("{} ({})", name(), command.key_name())
            aria-label=name
            aria-keyshortcuts=command.key_name().replace("Ctrl", "Control")
            disabled=move || disabled.get()
            // The stage keeps the keys.
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| { keyboard::own(editor, command); }
        >
            <span aria-hidden="true">{face}</span>
        </button>
    }
    .into_any()
}
