//! The page's keyboard: turns browser events into [`super::keymap`] presses and carries out what an editor can do alone.

use super::editor::Editor;
use super::keymap::{self, Focus, Meaning, Press};
use crate::browser;
use crate::commands::{Command, Scope};
use crate::module::HAS_IMAGES;
use crate::tools::assist::gesture::Aid;
use domain::geometry::ShapeKind;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// Reads the keys of the page for as long as it is shown. `scope` says what works now; `run` carries out what is not the
/// editor's alone and answers whether it did.
pub fn listen(editor: Editor, scope: Signal<Option<Scope>>, run: Callback<Command, bool>) {
    Effect::new(move |_| {
        let listening = window_event_listener(ev::keydown, move |event| {
            let Some(scope) = scope.get_untracked() else { return };
            if event.default_prevented() || in_dialog(&event) {
                return;
            }
            let code = event.code();
            let press = Press {
                code: &code,
                ctrl: event.ctrl_key() || event.meta_key(),
                shift: event.shift_key(),
                alt: event.alt_key(),
                composing: event.is_composing() || event.key_code() == 229,
                focus: focus_of(&event),
            };
            let done = match keymap::read(press, scope, &editor.hotkeys()) {
                Some(Meaning::Label(hotkey)) => {
                    editor.label(&hotkey.control, &hotkey.label);
                    true
                }
                Some(Meaning::Command(command)) => run.run(command) || own(editor, command),
                None => false,
            };
            if done {
                event.prevent_default();
            }
        });
        on_cleanup(move || listening.remove());
    });
}

/// What an editor does by itself. False when the command is not its own.
pub fn own(editor: Editor, command: Command) -> bool {
    match command {
        Command::Undo => editor.undo(),
        Command::Redo => editor.redo(),
        Command::Delete => editor.delete(),
        Command::NextRegion => {
            editor.select_next(true, true);
        }
        Command::PreviousRegion => {
            editor.select_next(false, true);
        }
        Command::Cancel => {
            // From the fields beside the stage it is only the way back.
            if !in_details() {
                editor.cancel();
            }
            browser::focus("stage");
        }
        Command::Attributes => focus_first(".details input, .details textarea, .details button"),
        Command::ZoomIn => editor.zoom(true),
        Command::ZoomOut => editor.zoom(false),
        Command::Form => focus_first(".work-field, .option input, .label-button"),
        Command::Help => crate::frame::keys::open(),
        other => return HAS_IMAGES && on_image(editor, other),
    }
    true
}

/// What an editor of an image does besides.
fn on_image(editor: Editor, command: Command) -> bool {
    match command {
        Command::NewShape => editor.place(),
        Command::Pointer => editor.switch_pointer(),
        Command::Extremes => editor.switch_extremes(),
        Command::BrushSmaller => editor.resize_brush(false),
        Command::BrushLarger => editor.resize_brush(true),
        Command::Eraser => editor.switch_eraser(),
        Command::InsertVertex => editor.insert_vertex(),
        Command::Snap => editor.switch_snaps(),
        Command::Follow => editor.follow(),
        Command::TurnLeft => editor.turn(-1.0),
        Command::TurnRight => editor.turn(1.0),
        Command::Duplicate => editor.duplicate(),
        Command::Again => editor.again(),
        Command::CopyPrevious => editor.copy_previous(),
        Command::Pick => editor.pick_selected(),
        Command::Group => editor.group(true),
        Command::Ungroup => editor.group(false),
        Command::Front => editor.reorder(|_, last| last),
        Command::Forward => editor.reorder(|at, _| at + 1),
        Command::Backward => editor.reorder(|at, _| at.saturating_sub(1)),
        Command::Behind => editor.reorder(|_, _| 0),
        Command::Lock => editor.switch_locked(&editor.targets()),
        Command::Hide => editor.switch_hidden(&editor.targets()),
        Command::ShowAll => editor.show_all(),
        Command::Only => editor.only_label(),
        Command::Fainter => editor.fade(false),
        Command::Stronger => editor.fade(true),
        Command::Merge => editor.merge(),
        Command::Cut => editor.cut(),
        Command::Simplify => editor.simplify(),
        Command::FillHoles => editor.fill_holes(),
        Command::ToBox => editor.convert(ShapeKind::Box),
        Command::ToPolygon => editor.convert(ShapeKind::Polygon),
        Command::ToMask => editor.convert(ShapeKind::Mask),
        Command::Lasso => editor.switch_outlines(),
        Command::Wand => editor.switch_assist(Aid::Wand),
        Command::Scissors => editor.switch_assist(Aid::Scissors),
        Command::CutOut => editor.switch_assist(Aid::CutOut),
        Command::JointState => editor.next_joint_state(),
        Command::Tones => editor.switch_aid(|aids| aids.tones = !aids.tones),
        Command::Quarter => editor.quarter.update(|quarter| *quarter = (*quarter + 1) % 4),
        Command::Grid => editor.switch_aid(|aids| aids.grid = !aids.grid),
        Command::Rulers => editor.switch_aid(|aids| aids.rulers = !aids.rulers),
        Command::Crosshair => editor.switch_aid(|aids| aids.crosshair = !aids.crosshair),
        Command::Map => editor.switch_aid(|aids| aids.map = !aids.map),
        Command::Beside => editor.switch_aid(|aids| aids.beside = !aids.beside),
        Command::Fit => editor.fit(),
        Command::Actual => editor.actual(),
        Command::Undo
        | Command::Redo
        | Command::Delete
        | Command::NextRegion
        | Command::PreviousRegion
        | Command::Cancel
        | Command::Attributes
        | Command::ZoomIn
        | Command::ZoomOut
        | Command::Form
        | Command::Help
        | Command::Pass
        | Command::Fail
        | Command::Fix
        | Command::SaveFix
        | Command::Decide
        | Command::NextItem
        | Command::PreviousItem
        | Command::Submit
        | Command::Skip
        | Command::Guideline
        | Command::History => return false,
    }
    true
}

/// Is a field of the selected region in use?
fn in_details() -> bool {
    document().active_element().is_some_and(|element| matches!(element.closest(".details"), Ok(Some(_))))
}

fn focus_first(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector)
        && let Ok(element) = element.dyn_into::<web_sys::HtmlElement>()
    {
        // Fails only for elements that cannot take it.
        let _ = element.focus();
    }
}

fn target(event: &KeyboardEvent) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()
}

fn in_dialog(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|element| matches!(element.closest("dialog[open]"), Ok(Some(_))))
}

fn focus_of(event: &KeyboardEvent) -> Focus {
    let Some(element) = target(event) else { return Focus::Free };
    match element.tag_name().as_str() {
        "INPUT" => match element.get_attribute("type").as_deref() {
            Some("radio" | "checkbox") => Focus::Free,
            _ => Focus::Field,
        },
        "TEXTAREA" | "SELECT" => Focus::Field,
        "BUTTON" | "A" | "SUMMARY" => Focus::Button,
        _ => Focus::Free,
    }
}
