//! The stage that fits an item, with the buttons of its view above.

use super::editor::Editor;
use super::image_stage::ImageStage;
use super::region::RegionRef;
use super::shown::Shown;
use super::text_stage::TextStage;
use crate::commands::Command;
use crate::lang::use_lang;
use crate::module::HAS_IMAGES;
use crate::text::{fill, now, t, table};
use crate::tools::assist::gesture::Aid;
use crate::workbench::keyboard;
use domain::geometry::ShapeKind;
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
        // Its page loads itself anew with the module that has it: pages/work.rs.
        Modality::Image if !HAS_IMAGES => ().into_any(),
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
    /// For looking and correcting in review, where no image came before.
    #[prop(optional)]
    narrow: bool,
) -> AnyView {
    let image = HAS_IMAGES && modality == Modality::Image;
    let undo = Signal::derive(move || !editor.document.with(|document| document.can_undo()));
    let redo = Signal::derive(move || !editor.document.with(|document| document.can_redo()));
    let scale = move || {
        let percent = format!("{:.0}", editor.view.get().scale * 100.0);
        fill(now(|t| t.work.zoom), &[("n", &percent)])
    };
    let has = |kind: ShapeKind| {
        editor.schema.with_value(|schema| schema.controls.iter().any(|control| control.kind.shape() == Some(kind)))
    };
    let (boxes, masks) = (image && has(ShapeKind::Box), image && has(ShapeKind::Mask));
    let assisted = masks || (image && has(ShapeKind::Polygon));
    let tolerance = move || {
        (editor.assist.get() == Some(Aid::Wand))
            .then(|| fill(now(|t| t.work.tolerance), &[("n", &editor.wand.get().tolerance.to_string())]))
    };
    let place = move || editor.pointer.get().map(|at| format!("{:.0}, {:.0}", at.x.floor(), at.y.floor()));
    let letters = move || format!("{} {} px", now(|t| t.work.letters), editor.letters.get());
    view! {
        <div class="stage-tools" role="toolbar" aria-label=t(|t| t.work.tools)>
            <Show when=move || editor.editable.get()>
                {tool(editor, Command::Undo, "↶", undo)}
                {tool(editor, Command::Redo, "↷", redo)}
                {image.then(|| tool(editor, Command::Snap, "∩", Signal::stored(false)))}
                {boxes.then(|| tool(editor, Command::Extremes, "⊹", Signal::stored(false)))}
                {masks.then(|| view! {
                    {tool(editor, Command::Eraser, "⌫", Signal::stored(false))}
                    {tool(editor, Command::Lasso, "➰", Signal::stored(false))}
                })}
                {assisted.then(|| view! {
                    {tool(editor, Command::Wand, "✦", Signal::stored(false))}
                    {tool(editor, Command::Scissors, "✂", Signal::stored(false))}
                    {tool(editor, Command::CutOut, "◰", Signal::stored(false))}
                })}
            </Show>
            {tool(editor, Command::ZoomOut, "−", Signal::stored(false))}
            <span class="stage-scale">{move || if image { scale() } else { letters() }}</span>
            {tool(editor, Command::ZoomIn, "+", Signal::stored(false))}
            {image.then(|| view! {
                {tool(editor, Command::Fit, "⤢", Signal::stored(false))}
                {tool(editor, Command::Actual, "1:1", Signal::stored(false))}
                {tool(editor, Command::Quarter, "⟳", Signal::stored(false))}
                {tool(editor, Command::Tones, "◐", Signal::stored(false))}
                {tool(editor, Command::Grid, "▦", Signal::stored(false))}
                {tool(editor, Command::Rulers, "∟", Signal::stored(false))}
                {tool(editor, Command::Crosshair, "┼", Signal::stored(false))}
                {tool(editor, Command::Map, "◱", Signal::stored(false))}
                {(!narrow).then(|| tool(editor, Command::Beside, "◫", Signal::stored(false)))}
                <span class="stage-scale">{tolerance}</span>
                <span class="stage-place" aria-hidden="true">{place}</span>
            })}
        </div>
    }
    .into_any()
}

/// What a command is called on its button, and what is said on hover.
pub fn face(
    editor: Editor,
    command: Command,
) -> (impl Fn() -> &'static str + Copy + Send + Sync, impl Fn() -> String + Copy + Send + Sync) {
    let lang = use_lang();
    let name = move || match (command, is_on(editor, command)) {
        (Command::Lock, Some(true)) => table(lang.get()).work.unlock,
        (Command::Hide, Some(true)) => table(lang.get()).work.show,
        _ => (command.title())(table(lang.get())),
    };
    (name, move || format!("{} ({})", name(), command.key_name()))
}

/// Is what the command switches on? Nothing for a command that switches nothing.
pub fn is_on(editor: Editor, command: Command) -> Option<bool> {
    let selected = move |on: fn(&Shown, &RegionRef) -> bool| {
        let own = editor.selected.get();
        own.is_some_and(|own| editor.shown.with(|shown| on(shown, &own)))
    };
    Some(match command {
        Command::Extremes => editor.extremes.get(),
        Command::Snap => editor.snaps.get(),
        Command::Eraser => editor.brush.get().erases,
        Command::Lasso => editor.brush.get().outlines,
        Command::Wand => editor.assist.get() == Some(Aid::Wand),
        Command::Scissors => editor.assist.get() == Some(Aid::Scissors),
        Command::CutOut => editor.assist.get() == Some(Aid::CutOut),
        Command::Tones => editor.aids.get().tones,
        Command::Grid => editor.aids.get().grid,
        Command::Rulers => editor.aids.get().rulers,
        Command::Crosshair => editor.aids.get().crosshair,
        Command::Map => editor.aids.get().map,
        Command::Beside => editor.aids.get().beside,
        Command::Lock => selected(Shown::is_locked),
        Command::Hide => selected(Shown::is_hidden),
        Command::Pick => {
            let own = editor.selected.get();
            own.is_some_and(|own| editor.picked.with(|picked| picked.contains(&own)))
        }
        _ => return None,
    })
}

fn tool(editor: Editor, command: Command, sign: &'static str, disabled: Signal<bool>) -> AnyView {
    let (name, hint) = face(editor, command);
    view! {
        <button
            type="button"
            class="tool-button"
            title=hint
            aria-label=name
            aria-keyshortcuts=command.key_name().replace("Ctrl", "Control")
            aria-pressed=move || is_on(editor, command).map(|on| if on { "true" } else { "false" })
            disabled=move || disabled.get()
            // The stage keeps the keys.
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| { keyboard::own(editor, command); }
        >
            <span aria-hidden="true">{sign}</span>
        </button>
    }
    .into_any()
}
