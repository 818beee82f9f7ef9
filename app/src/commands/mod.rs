//! Everything that a key or a button can ask for, as one table: title, keys, where it works. Hints on hover, the key strip,
//! the `?` sheet and the keyboard itself all read this table, through the keys that a person gave themselves ([`own`]). What a
//! command does is said where the state lives.

pub mod own;

use crate::text::Pick;

/// A command of the workbench or the review screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Accept the item's annotation.
    Pass,
    /// Refuse it.
    Fail,
    /// Put it right.
    Fix,
    /// Keep the reviewer's revision.
    SaveFix,
    /// Go to the decision.
    Decide,
    /// The next item of the sample.
    NextItem,
    /// The item before.
    PreviousItem,
    /// Submit and go on.
    Submit,
    /// Take back a step.
    Undo,
    /// Do it again.
    Redo,
    /// Delete the selected region, or the last vertex of an outline.
    Delete,
    /// The next region.
    NextRegion,
    /// The region before.
    PreviousRegion,
    /// Put a shape in the middle.
    NewShape,
    /// Take the keyboard's pointer in hand, or put it away.
    Pointer,
    /// Draw boxes by their extremes, or by dragging again.
    Extremes,
    /// Make the brush smaller.
    BrushSmaller,
    /// Make it larger.
    BrushLarger,
    /// Erase with the brush, or paint again.
    Eraser,
    /// Put a vertex in after the picked one.
    InsertVertex,
    /// Have points stick to what is near, or not.
    Snap,
    /// Lead the outline along a neighbour.
    Follow,
    /// Turn the selected shape.
    TurnLeft,
    /// Turn it the other way.
    TurnRight,
    /// A second one of what is selected.
    Duplicate,
    /// The last shape once more, at the pointer.
    Again,
    /// Every shape of the image before.
    CopyPrevious,
    /// Add the selected one to those that are picked, or take it out.
    Pick,
    /// Put what is picked into a group.
    Group,
    /// Take it out of its group.
    Ungroup,
    /// Above all others.
    Front,
    /// One up.
    Forward,
    /// One down.
    Backward,
    /// Below all others.
    Behind,
    /// Lock, or unlock.
    Lock,
    /// Hide, or show.
    Hide,
    /// Show everything.
    ShowAll,
    /// Only what has the label in hand.
    Only,
    /// Shapes fainter.
    Fainter,
    /// Shapes stronger.
    Stronger,
    /// Go to the attributes of the selected region.
    Attributes,
    /// Make one of what is picked.
    Merge,
    /// Cut what is picked out of the selected shape.
    Cut,
    /// Fewer vertices.
    Simplify,
    /// Fill the holes.
    FillHoles,
    /// A box in its place.
    ToBox,
    /// A polygon in its place.
    ToPolygon,
    /// A mask in its place.
    ToMask,
    /// Paint masks by their outline, or with the brush again.
    Lasso,
    /// Take what has the colour of a place, or draw with the label's own tool again.
    Wand,
    /// Trace an outline along edges.
    Scissors,
    /// Cut an object out of its box.
    CutOut,
    /// A skeleton's point seen, behind something, not there.
    JointState,
    /// Give up, deselect, put the tool down.
    Cancel,
    /// Nearer, or larger letters.
    ZoomIn,
    /// Farther, or smaller letters.
    ZoomOut,
    /// The whole image.
    Fit,
    /// One pixel on one pixel.
    Actual,
    /// Brightness and contrast.
    Tones,
    /// The picture a quarter further, clockwise.
    Quarter,
    /// Lines every so many pixels.
    Grid,
    /// Pixels along the edges of the stage.
    Rulers,
    /// Lines through the pointer.
    Crosshair,
    /// The small map.
    Map,
    /// The image before this one, beside it.
    Beside,
    /// Go to the first field of the form.
    Form,
    /// Leave the item with a reason.
    Skip,
    /// Show or hide the guideline.
    Guideline,
    /// Show or hide my last items.
    History,
    /// Show the keys.
    Help,
}

/// One way to ask for a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    /// `KeyboardEvent.code`: the key's place, whatever the layout or input method.
    pub code: &'static str,
    /// Ctrl, or ⌘.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// How people call it.
    pub name: &'static str,
}

/// What a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The item as a whole, and going on.
    Work,
    /// What is marked on it.
    Objects,
    /// How it is looked at.
    View,
}

/// Where keys are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Labeling a text.
    WorkText,
    /// Labeling an image.
    WorkImage,
    /// Judging.
    Review,
    /// Putting right, as a reviewer.
    Fix,
}

const fn plain(code: &'static str, name: &'static str) -> Chord {
    Chord { code, ctrl: false, shift: false, name }
}

const fn ctrl(code: &'static str, name: &'static str) -> Chord {
    Chord { code, ctrl: true, shift: false, name }
}

const fn shift(code: &'static str, name: &'static str) -> Chord {
    Chord { code, ctrl: false, shift: true, name }
}

const fn both(code: &'static str, name: &'static str) -> Chord {
    Chord { code, ctrl: true, shift: true, name }
}

impl Command {
    /// Every command, in the order of the help sheet.
    pub const ALL: [Command; 70] = [
        Command::Pass,
        Command::Fail,
        Command::Fix,
        Command::SaveFix,
        Command::PreviousItem,
        Command::NextItem,
        Command::Decide,
        Command::Submit,
        Command::Skip,
        Command::Undo,
        Command::Redo,
        Command::Delete,
        Command::Cancel,
        Command::NextRegion,
        Command::PreviousRegion,
        Command::NewShape,
        Command::Pointer,
        Command::Extremes,
        Command::BrushSmaller,
        Command::BrushLarger,
        Command::Eraser,
        Command::InsertVertex,
        Command::Snap,
        Command::Follow,
        Command::TurnLeft,
        Command::TurnRight,
        Command::Duplicate,
        Command::Again,
        Command::CopyPrevious,
        Command::Pick,
        Command::Group,
        Command::Ungroup,
        Command::Front,
        Command::Forward,
        Command::Backward,
        Command::Behind,
        Command::Lock,
        Command::Hide,
        Command::ShowAll,
        Command::Only,
        Command::Fainter,
        Command::Stronger,
        Command::Attributes,
        Command::Merge,
        Command::Cut,
        Command::Simplify,
        Command::FillHoles,
        Command::ToBox,
        Command::ToPolygon,
        Command::ToMask,
        Command::Lasso,
        Command::Wand,
        Command::Scissors,
        Command::CutOut,
        Command::JointState,
        Command::ZoomIn,
        Command::ZoomOut,
        Command::Fit,
        Command::Actual,
        Command::Tones,
        Command::Quarter,
        Command::Grid,
        Command::Rulers,
        Command::Crosshair,
        Command::Map,
        Command::Beside,
        Command::Form,
        Command::Guideline,
        Command::History,
        Command::Help,
    ];

    /// Its keys, the one to be shown first: the person's own, or those of the house.
    pub fn keys(self) -> &'static [Chord] {
        own::keys(self).unwrap_or_else(|| self.house_keys())
    }

    fn house_keys(self) -> &'static [Chord] {
        match self {
            Command::Pass => const { &[plain("KeyP", "P")] },
            Command::Fail => const { &[plain("KeyF", "F")] },
            Command::Fix => const { &[plain("KeyE", "E")] },
            Command::SaveFix => {
                const { &[ctrl("Enter", "Ctrl+Enter"), plain("Enter", "Enter"), ctrl("NumpadEnter", "Ctrl+Enter")] }
            }
            Command::Decide => const { &[plain("KeyD", "D")] },
            Command::NextItem => const { &[plain("ArrowRight", "→"), plain("KeyJ", "J")] },
            Command::PreviousItem => const { &[plain("ArrowLeft", "←"), plain("KeyK", "K")] },
            Command::Submit => {
                const {
                    &[
                        plain("Enter", "Enter"),
                        plain("NumpadEnter", "Enter"),
                        ctrl("Enter", "Ctrl+Enter"),
                        ctrl("NumpadEnter", "Ctrl+Enter"),
                    ]
                }
            }
            Command::Undo => const { &[ctrl("KeyZ", "Ctrl+Z")] },
            Command::Redo => {
                const { &[ctrl("KeyY", "Ctrl+Y"), Chord { code: "KeyZ", ctrl: true, shift: true, name: "Ctrl+Shift+Z" }] }
            }
            Command::Delete => const { &[plain("Delete", "Delete"), plain("Backspace", "Backspace")] },
            Command::NextRegion => const { &[plain("BracketRight", "]")] },
            Command::PreviousRegion => const { &[plain("BracketLeft", "[")] },
            Command::NewShape => const { &[shift("KeyN", "Shift+N"), plain("Insert", "Insert")] },
            Command::Pointer => const { &[shift("Semicolon", "Shift+;")] },
            Command::Extremes => const { &[shift("KeyX", "Shift+X")] },
            Command::BrushSmaller => const { &[shift("BracketLeft", "Shift+[")] },
            Command::BrushLarger => const { &[shift("BracketRight", "Shift+]")] },
            Command::Eraser => const { &[shift("KeyE", "Shift+E")] },
            Command::InsertVertex => const { &[shift("KeyV", "Shift+V")] },
            Command::Snap => const { &[shift("KeyY", "Shift+Y")] },
            Command::Follow => const { &[shift("KeyZ", "Shift+Z")] },
            Command::TurnLeft => const { &[shift("Comma", "Shift+,")] },
            Command::TurnRight => const { &[shift("Period", "Shift+.")] },
            Command::Cancel => const { &[plain("Escape", "Esc")] },
            Command::Duplicate => const { &[shift("KeyD", "Shift+D")] },
            Command::Again => const { &[shift("KeyR", "Shift+R")] },
            Command::CopyPrevious => const { &[shift("KeyC", "Shift+C")] },
            Command::Pick => const { &[shift("KeyP", "Shift+P")] },
            Command::Group => const { &[ctrl("KeyG", "Ctrl+G")] },
            Command::Ungroup => const { &[both("KeyG", "Ctrl+Shift+G")] },
            Command::Front => const { &[both("BracketRight", "Ctrl+Shift+]")] },
            Command::Forward => const { &[ctrl("BracketRight", "Ctrl+]")] },
            Command::Backward => const { &[ctrl("BracketLeft", "Ctrl+[")] },
            Command::Behind => const { &[both("BracketLeft", "Ctrl+Shift+[")] },
            Command::Lock => const { &[shift("KeyL", "Shift+L")] },
            Command::Hide => const { &[plain("Backquote", "`")] },
            Command::ShowAll => const { &[shift("Backquote", "Shift+`")] },
            Command::Only => const { &[ctrl("Backquote", "Ctrl+`")] },
            Command::Fainter => const { &[plain("PageDown", "PageDown")] },
            Command::Stronger => const { &[plain("PageUp", "PageUp")] },
            Command::Attributes => const { &[shift("KeyA", "Shift+A")] },
            Command::Merge => const { &[shift("KeyM", "Shift+M")] },
            Command::Cut => const { &[shift("KeyK", "Shift+K")] },
            Command::Simplify => const { &[shift("KeyJ", "Shift+J")] },
            Command::FillHoles => const { &[shift("KeyO", "Shift+O")] },
            Command::ToBox => const { &[shift("Digit1", "Shift+1")] },
            Command::ToPolygon => const { &[shift("Digit2", "Shift+2")] },
            Command::ToMask => const { &[shift("Digit3", "Shift+3")] },
            Command::Lasso => const { &[shift("KeyQ", "Shift+Q")] },
            Command::Wand => const { &[shift("KeyW", "Shift+W")] },
            Command::Scissors => const { &[shift("KeyI", "Shift+I")] },
            Command::CutOut => const { &[shift("KeyU", "Shift+U")] },
            Command::JointState => const { &[shift("KeyT", "Shift+T")] },
            Command::ZoomIn => const { &[plain("Equal", "="), plain("NumpadAdd", "+"), shift("Equal", "+")] },
            Command::ZoomOut => const { &[plain("Minus", "-"), plain("NumpadSubtract", "-")] },
            Command::Fit => const { &[plain("Home", "Home")] },
            Command::Actual => const { &[plain("End", "End")] },
            Command::Tones => const { &[shift("KeyB", "Shift+B")] },
            Command::Quarter => const { &[plain("Backslash", "\\")] },
            Command::Grid => const { &[plain("Quote", "'")] },
            Command::Rulers => const { &[ctrl("Quote", "Ctrl+'")] },
            Command::Crosshair => const { &[plain("Semicolon", ";")] },
            Command::Map => const { &[shift("Quote", "Shift+'")] },
            Command::Beside => const { &[plain("Slash", "/")] },
            Command::Form => const { &[shift("KeyF", "Shift+F")] },
            Command::Skip => const { &[shift("KeyS", "Shift+S")] },
            Command::Guideline => const { &[shift("KeyG", "Shift+G")] },
            Command::History => const { &[shift("KeyH", "Shift+H")] },
            Command::Help => const { &[shift("Slash", "?"), plain("F1", "F1")] },
        }
    }

    /// Does it exist there?
    pub fn works_in(self, scope: Scope) -> bool {
        use Scope::{Fix, Review, WorkImage, WorkText};
        let image_only = matches!(scope, WorkImage | Fix);
        match self {
            Command::Pass | Command::Fail | Command::Fix | Command::Decide => scope == Review,
            Command::NextItem | Command::PreviousItem => scope == Review,
            Command::SaveFix => scope == Fix,
            Command::Submit | Command::Skip | Command::History => matches!(scope, WorkText | WorkImage),
            Command::Undo | Command::Redo | Command::Delete | Command::Form | Command::Attributes => scope != Review,
            Command::NewShape
            | Command::Pointer
            | Command::Extremes
            | Command::BrushSmaller
            | Command::BrushLarger
            | Command::Eraser
            | Command::InsertVertex
            | Command::Snap
            | Command::Follow
            | Command::TurnLeft
            | Command::TurnRight
            | Command::Duplicate
            | Command::Again
            | Command::CopyPrevious
            | Command::Pick
            | Command::Group
            | Command::Ungroup
            | Command::Front
            | Command::Forward
            | Command::Backward
            | Command::Behind
            | Command::Lock
            | Command::Hide
            | Command::ShowAll
            | Command::Only
            | Command::Merge
            | Command::Cut
            | Command::Simplify
            | Command::FillHoles
            | Command::ToBox
            | Command::ToPolygon
            | Command::ToMask
            | Command::Lasso
            | Command::Wand
            | Command::Scissors
            | Command::CutOut
            | Command::JointState => image_only,
            Command::Beside => scope == WorkImage,
            Command::Fit
            | Command::Actual
            | Command::Fainter
            | Command::Stronger
            | Command::Tones
            | Command::Quarter
            | Command::Grid
            | Command::Rulers
            | Command::Crosshair
            | Command::Map => scope != WorkText,
            Command::NextRegion
            | Command::PreviousRegion
            | Command::Cancel
            | Command::ZoomIn
            | Command::ZoomOut
            | Command::Guideline
            | Command::Help => true,
        }
    }

    /// What it is about, for the help sheet.
    pub fn about(self) -> About {
        let at = Command::ALL.iter().position(|command| *command == self).unwrap_or_default();
        let between = |first: Command, last: Command| {
            let place = |one: Command| Command::ALL.iter().position(|command| *command == one).unwrap_or_default();
            (place(first)..=place(last)).contains(&at)
        };
        if between(Command::NextRegion, Command::JointState) {
            About::Objects
        } else if between(Command::ZoomIn, Command::Beside) {
            About::View
        } else {
            About::Work
        }
    }

    /// It may be given while the person types in a field.
    pub fn works_in_fields(self) -> bool {
        matches!(self, Command::Submit | Command::SaveFix | Command::Cancel)
    }

    /// What it is called.
    pub fn title(self) -> Pick {
        match self {
            Command::Pass => |t| t.work.cmd_pass,
            Command::Fail => |t| t.work.cmd_fail,
            Command::Fix => |t| t.work.cmd_fix,
            Command::SaveFix => |t| t.work.cmd_save_fix,
            Command::Decide => |t| t.work.cmd_decide,
            Command::NextItem => |t| t.work.cmd_next_item,
            Command::PreviousItem => |t| t.work.cmd_previous_item,
            Command::Undo => |t| t.work.cmd_undo,
            Command::Redo => |t| t.work.cmd_redo,
            Command::Delete => |t| t.work.cmd_delete,
            Command::NextRegion => |t| t.work.cmd_next_region,
            Command::PreviousRegion => |t| t.work.cmd_previous_region,
            Command::NewShape => |t| t.work.cmd_new_shape,
            Command::Pointer => |t| t.work.cmd_pointer,
            Command::Extremes => |t| t.work.cmd_extremes,
            Command::BrushSmaller => |t| t.work.cmd_brush_smaller,
            Command::BrushLarger => |t| t.work.cmd_brush_larger,
            Command::Eraser => |t| t.work.cmd_eraser,
            Command::InsertVertex => |t| t.work.cmd_insert_vertex,
            Command::Snap => |t| t.work.cmd_snap,
            Command::Follow => |t| t.work.cmd_follow,
            Command::TurnLeft => |t| t.work.cmd_turn_left,
            Command::TurnRight => |t| t.work.cmd_turn_right,
            Command::Cancel => |t| t.work.cmd_cancel,
            Command::Duplicate => |t| t.work.cmd_duplicate,
            Command::Again => |t| t.work.cmd_again,
            Command::CopyPrevious => |t| t.work.cmd_copy_previous,
            Command::Pick => |t| t.work.cmd_pick,
            Command::Group => |t| t.work.cmd_group,
            Command::Ungroup => |t| t.work.cmd_ungroup,
            Command::Front => |t| t.work.cmd_front,
            Command::Forward => |t| t.work.cmd_forward,
            Command::Backward => |t| t.work.cmd_backward,
            Command::Behind => |t| t.work.cmd_behind,
            Command::Lock => |t| t.work.cmd_lock,
            Command::Hide => |t| t.work.cmd_hide,
            Command::ShowAll => |t| t.work.cmd_show_all,
            Command::Only => |t| t.work.cmd_only,
            Command::Fainter => |t| t.work.cmd_fainter,
            Command::Stronger => |t| t.work.cmd_stronger,
            Command::Attributes => |t| t.work.cmd_attributes,
            Command::Merge => |t| t.work.cmd_merge,
            Command::Cut => |t| t.work.cmd_cut,
            Command::Simplify => |t| t.work.cmd_simplify,
            Command::FillHoles => |t| t.work.cmd_fill_holes,
            Command::ToBox => |t| t.work.cmd_to_box,
            Command::ToPolygon => |t| t.work.cmd_to_polygon,
            Command::ToMask => |t| t.work.cmd_to_mask,
            Command::Lasso => |t| t.work.cmd_lasso,
            Command::Wand => |t| t.work.cmd_wand,
            Command::Scissors => |t| t.work.cmd_scissors,
            Command::CutOut => |t| t.work.cmd_cut_out,
            Command::JointState => |t| t.work.cmd_joint_state,
            Command::ZoomIn => |t| t.work.cmd_zoom_in,
            Command::ZoomOut => |t| t.work.cmd_zoom_out,
            Command::Fit => |t| t.work.cmd_fit,
            Command::Actual => |t| t.work.cmd_actual,
            Command::Tones => |t| t.work.cmd_tones,
            Command::Quarter => |t| t.work.cmd_quarter,
            Command::Grid => |t| t.work.cmd_grid,
            Command::Rulers => |t| t.work.cmd_rulers,
            Command::Crosshair => |t| t.work.cmd_crosshair,
            Command::Map => |t| t.work.cmd_map,
            Command::Beside => |t| t.work.cmd_beside,
            Command::Form => |t| t.work.cmd_form,
            Command::Help => |t| t.work.cmd_help,
            Command::Submit => |t| t.work.submit_next,
            Command::Skip => |t| t.work.skip,
            Command::Guideline => |t| t.work.guideline,
            Command::History => |t| t.work.history,
        }
    }

    /// The key to be shown.
    pub fn key_name(self) -> &'static str {
        self.keys().first().map_or("", |chord| chord.name)
    }
}

/// How the keyboard's pointer is moved.
pub const POINT: (&str, Pick) = ("← → ↑ ↓", |t| t.work.stage_point);

/// Keys that belong to the stage itself: what they do depends on what is selected. For the help sheet.
pub fn stage_keys(scope: Scope) -> Vec<(&'static str, Pick)> {
    let text: [(&str, Pick); 7] = [
        ("← → ↑ ↓", |t| t.work.stage_caret),
        ("Shift+← → ↑ ↓", |t| t.work.stage_select),
        ("Ctrl+← →", |t| t.work.stage_word),
        ("Space", |t| t.work.stage_space),
        ("Alt+← →", |t| t.work.stage_right_border),
        ("Alt+Shift+← →", |t| t.work.stage_left_border),
        ("Tab", |t| t.work.stage_through),
    ];
    let image: [(&str, Pick); 15] = [
        ("← → ↑ ↓", |t| t.work.stage_nudge),
        ("Ctrl+← → ↑ ↓", |t| t.work.stage_nudge_far),
        ("Shift+← → ↑ ↓", |t| t.work.stage_grow),
        ("Alt+← → ↑ ↓", |t| t.work.stage_grow_back),
        (", .", |t| t.work.stage_vertex),
        ("Ctrl+Shift+, .", |t| t.work.stage_turn_far),
        ("Enter", |t| t.work.stage_close),
        ("Alt", |t| t.work.stage_remove_vertex),
        ("Ctrl", |t| t.work.stage_loose),
        ("Alt+↕", |t| t.work.stage_wheel),
        ("Space", |t| t.work.stage_pan),
        POINT,
        ("Space", |t| t.work.stage_press),
        ("Alt+Enter", |t| t.work.stage_press_alt),
        ("Tab", |t| t.work.stage_through),
    ];
    match scope {
        Scope::WorkText => text.to_vec(),
        Scope::WorkImage | Scope::Fix => image.to_vec(),
        Scope::Review => vec![("1–6", |t| t.work.stage_reason), ("Space", |t| t.work.stage_pan)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_of_one_scope_share_a_key() {
        for scope in [Scope::WorkText, Scope::WorkImage, Scope::Review, Scope::Fix] {
            let mut seen: Vec<(Chord, Command)> = Vec::new();
            for command in Command::ALL.into_iter().filter(|command| command.works_in(scope)) {
                for chord in command.keys() {
                    let same =
                        |known: &Chord| (known.code, known.ctrl, known.shift) == (chord.code, chord.ctrl, chord.shift);
                    if let Some((_, other)) = seen.iter().find(|(known, _)| same(known)) {
                        panic!("{scope:?}: {other:?} and {command:?} share {}", chord.name);
                    }
                    seen.push((*chord, command));
                }
            }
        }
    }

    #[test]
    fn the_table_names_every_command_once_and_plain_letters_only_in_review() {
        for (at, command) in Command::ALL.into_iter().enumerate() {
            assert_eq!(Command::ALL.iter().position(|other| *other == command), Some(at));
            assert!(!command.keys().is_empty());
            let takes_letter = command.keys().iter().any(|key| !key.ctrl && !key.shift && key.code.starts_with("Key"));
            if takes_letter {
                assert!(!command.works_in(Scope::WorkText) && !command.works_in(Scope::WorkImage), "{command:?}");
                assert!(!command.works_in(Scope::Fix), "{command:?}");
            }
        }
    }
}
