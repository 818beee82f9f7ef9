//! The keys along the bottom edge: those that work now.

use super::editor::Editor;
use super::region::Geometry;
use crate::commands::{About, Command, POINT, Scope, stage_keys};
use crate::components::Icon;
use crate::frame::keys::KeyGroup;
use crate::frame::palette;
use crate::module::HAS_IMAGES;
use crate::text::{Pick, t};
use crate::tools::canvas::{Gesture, Tool};
use leptos::prelude::*;

/// The strip.
#[component]
pub fn KeyStrip(
    /// The item on the stage.
    editor: Editor,
    /// Where keys are read.
    #[prop(into)]
    scope: Signal<Option<Scope>>,
) -> AnyView {
    view! {
        <ul class="key-strip" aria-label=t(|t| t.work.keys)>
            {move || {
                let Some(scope) = scope.get() else { return ().into_any() };
                shown(editor, scope)
                    .into_iter()
                    .map(|(keys, title)| view! { <li><kbd>{keys}</kbd>" "{t(title)}</li> })
                    .collect_view()
                    .into_any()
            }}
        </ul>
    }
    .into_any()
}

/// What the sheet of keys says of a scope.
pub fn key_groups(scope: Scope) -> Vec<KeyGroup> {
    let of = |about: About| {
        Command::ALL
            .into_iter()
            .filter(|command| command.works_in(scope) && command.about() == about && *command != Command::Help)
            .map(|command| (command.key_name().to_owned(), command.title()))
            .collect::<Vec<_>>()
    };
    let mut stage: Vec<(String, Pick)> =
        stage_keys(scope).into_iter().map(|(keys, title)| (keys.to_owned(), title)).collect();
    if scope != Scope::Review {
        stage.push(("0–9 a–z".to_owned(), |t| t.work.stage_label));
    }
    let title: Pick = if scope == Scope::Review { |t| t.review.keys } else { |t| t.work.scope_work };
    let groups: [(Pick, Vec<(String, Pick)>); 4] = [
        (title, of(About::Work)),
        (|t| t.work.scope_objects, of(About::Objects)),
        (|t| t.work.scope_view, of(About::View)),
        (|t| t.work.scope_stage, stage),
    ];
    groups.into_iter().filter(|(_, keys)| !keys.is_empty()).map(|(title, keys)| KeyGroup { title, keys }).collect()
}

/// Offers the commands of a scope in the palette.
pub fn offer_commands(scope: Scope, run: Callback<Command, bool>) {
    let offered = Command::ALL
        .into_iter()
        .filter(|command| command.works_in(scope) && *command != Command::Help)
        .map(|command| palette::Command {
            title: command.title(),
            keys: command.key_name(),
            icon: Icon::Key,
            run: Callback::new(move |()| {
                run.run(command);
            }),
        })
        .collect();
    palette::offer(offered);
}

/// What a key does to the selected shape with the tool in hand that looks at the picture.
fn aided(editor: Editor) -> Option<Pick> {
    if !HAS_IMAGES {
        return None;
    }
    match (editor.tool(), editor.selected_geometry()?) {
        (Tool::Scissors, Geometry::Polygon(_)) => Some(|t| t.work.stage_retrace),
        (Tool::CutOut, Geometry::Box(_)) => Some(|t| t.work.stage_cut_out),
        _ => None,
    }
}

/// The keys of the keyboard's pointer, while it is in hand.
fn pointing(editor: Editor) -> Vec<(&'static str, Pick)> {
    if !HAS_IMAGES || editor.keyed.with(Option::is_none) {
        return Vec::new();
    }
    let is_down = editor.gesture.with(Gesture::is_dragged);
    let press: Pick = if is_down { |t| t.work.stage_let_go } else { |t| t.work.stage_click };
    vec![("Space", press), POINT]
}

fn shown(editor: Editor, scope: Scope) -> Vec<(&'static str, Pick)> {
    let of = |command: Command| (command.key_name(), command.title());
    let selected = editor.selected.with(Option::is_some);
    let piece = editor.piece.get().is_some();
    let drawing = editor.gesture.with(Gesture::is_clicked);
    let undo = editor.document.with(|document| document.can_undo());
    let mut out: Vec<(&'static str, Pick)> = Vec::new();
    match scope {
        Scope::Review => {
            out.extend([Command::Pass, Command::Fail, Command::Fix].map(of));
            out.push(("← →", |t| t.work.cmd_next_item));
            out.push(of(Command::Decide));
        }
        Scope::WorkText | Scope::WorkImage | Scope::Fix if drawing => {
            out.push(("Enter", |t| t.work.stage_close));
            if editor.gesture.with(|gesture| matches!(gesture, Gesture::DrawSkeleton(_))) {
                out.push((Command::JointState.key_name(), |t| t.work.stage_absent));
                out.push(("Alt", |t| t.work.stage_occluded));
            }
            if HAS_IMAGES && editor.can_follow() {
                out.push(of(Command::Follow));
            }
            out.extend(pointing(editor));
            out.push(of(Command::Delete));
            out.push(of(Command::Cancel));
        }
        Scope::WorkText => {
            if selected {
                out.push(of(Command::Delete));
                out.push(("Alt+← →", |t| t.work.stage_right_border));
                out.push(("0–9 a–z", |t| t.work.stage_label));
            } else if piece {
                out.push(("0–9 a–z", |t| t.work.stage_label));
            } else {
                out.push(("0–9 a–z", |t| t.work.stage_label));
                out.push(("Shift+← →", |t| t.work.stage_select));
                out.push(of(Command::NextRegion));
            }
        }
        Scope::WorkImage | Scope::Fix => {
            let pointing = pointing(editor);
            if !pointing.is_empty() {
                out.extend(pointing);
                out.push(of(Command::Cancel));
            } else if selected {
                out.extend(aided(editor).map(|title| (Command::NewShape.key_name(), title)));
                out.push(of(Command::Delete));
                out.push(("← → ↑ ↓", |t| t.work.stage_nudge));
                out.push(("Shift+← ↑", |t| t.work.stage_grow));
            } else {
                out.push(("0–9 a–z", |t| t.work.stage_label));
                out.push(of(Command::NewShape));
                out.push(of(Command::Pointer));
                out.push(of(Command::Fit));
            }
        }
    }
    if undo && scope != Scope::Review {
        out.push(of(Command::Undo));
    }
    match scope {
        Scope::WorkText | Scope::WorkImage => {
            out.push(of(Command::Skip));
            // Enter ends a drag of the keyboard's pointer as well.
            let drags = HAS_IMAGES && editor.keyed.with(Option::is_some) && editor.gesture.with(Gesture::is_dragged);
            if !drawing && !drags {
                out.push(of(Command::Submit));
            }
        }
        Scope::Fix => {
            out.push(of(Command::SaveFix));
            out.push(of(Command::Cancel));
        }
        Scope::Review => {}
    }
    out.push(of(Command::Help));
    out
}
