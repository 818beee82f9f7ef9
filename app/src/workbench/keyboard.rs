//! The page's keyboard: turns browser events into [`super::keymap`] presses and carries out what an editor can do alone.

use super::editor::Editor;
use super::keymap::{self, Focus, Meaning, Press};
use crate::browser;
use crate::commands::{Command, Scope};
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
        Command::NewShape => editor.place(),
        Command::Extremes => editor.switch_extremes(),
        Command::BrushSmaller => editor.resize_brush(false),
        Command::BrushLarger => editor.resize_brush(true),
        Command::Eraser => editor.switch_eraser(),
        Command::InsertVertex => editor.insert_vertex(),
        Command::TurnLeft => editor.turn(-1.0),
        Command::TurnRight => editor.turn(1.0),
        Command::Cancel => {
            editor.cancel();
            browser::focus("stage");
        }
        Command::ZoomIn => editor.zoom(true),
        Command::ZoomOut => editor.zoom(false),
        Command::Fit => editor.fit(),
        Command::Actual => editor.actual(),
        Command::Form => focus_form(),
        Command::Help => crate::frame::keys::open(),
        Command::Pass
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

fn focus_form() {
    if let Ok(Some(element)) = document().query_selector(".work-field, .option input, .label-button")
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
