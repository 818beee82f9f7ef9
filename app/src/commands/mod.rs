//! Everything that a key or a button can ask for, as one table: title, keys, where it works. Hints on hover, the key strip,
//! the `?` sheet and the keyboard itself all read this table. What a command does is said where the state lives.

use domain::Lang;

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

impl Command {
    /// Every command, in the order of the help sheet.
    pub const ALL: [Command; 24] = [
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
        Command::ZoomIn,
        Command::ZoomOut,
        Command::Fit,
        Command::Actual,
        Command::Form,
        Command::Guideline,
        Command::History,
        Command::Help,
    ];

    /// Its keys, the one to be shown first.
    pub fn keys(self) -> &'static [Chord] {
        match self {
            Command::Pass => const { &[plain("KeyP", "P")] },
            Command::Fail => const { &[plain("KeyF", "F")] },
            Command::Fix => const { &[plain("KeyE", "E")] },
            Command::SaveFix => const { &[ctrl("Enter", "Ctrl+Enter"), plain("Enter", "Enter"), ctrl("NumpadEnter", "Ctrl+Enter")] },
            Command::Decide => const { &[plain("KeyD", "D")] },
            Command::NextItem => const { &[plain("ArrowRight", "→"), plain("KeyJ", "J")] },
            Command::PreviousItem => const { &[plain("ArrowLeft", "←"), plain("KeyK", "K")] },
            Command::Submit => const {
                &[
                    plain("Enter", "Enter"),
                    plain("NumpadEnter", "Enter"),
                    ctrl("Enter", "Ctrl+Enter"),
                    ctrl("NumpadEnter", "Ctrl+Enter"),
                ]
            },
            Command::Undo => const { &[ctrl("KeyZ", "Ctrl+Z")] },
            Command::Redo => const {
                &[ctrl("KeyY", "Ctrl+Y"), Chord { code: "KeyZ", ctrl: true, shift: true, name: "Ctrl+Shift+Z" }]
            },
            Command::Delete => const { &[plain("Delete", "Delete"), plain("Backspace", "Backspace")] },
            Command::NextRegion => const { &[plain("BracketRight", "]")] },
            Command::PreviousRegion => const { &[plain("BracketLeft", "[")] },
            Command::NewShape => const { &[shift("KeyN", "Shift+N"), plain("Insert", "Insert")] },
            Command::Cancel => const { &[plain("Escape", "Esc")] },
            Command::ZoomIn => const { &[plain("Equal", "="), plain("NumpadAdd", "+"), shift("Equal", "+")] },
            Command::ZoomOut => const { &[plain("Minus", "-"), plain("NumpadSubtract", "-")] },
            Command::Fit => const { &[plain("Home", "Home")] },
            Command::Actual => const { &[plain("End", "End")] },
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
            Command::Undo | Command::Redo | Command::Delete | Command::Form => scope != Review,
            Command::NewShape => image_only,
            Command::Fit | Command::Actual => scope != WorkText,
            Command::NextRegion
            | Command::PreviousRegion
            | Command::Cancel
            | Command::ZoomIn
            | Command::ZoomOut
            | Command::Guideline
            | Command::Help => true,
        }
    }

    /// It may be given while the person types in a field.
    pub fn works_in_fields(self) -> bool {
        matches!(self, Command::Submit | Command::SaveFix | Command::Cancel)
    }

    /// What it is called.
    pub fn title(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Command::Pass => ("合格", "Pass"),
            Command::Fail => ("不合格", "Fail"),
            Command::Fix => ("代为修正", "Fix"),
            Command::SaveFix => ("保存修正", "Save the fix"),
            Command::Decide => ("批次结论", "Decide the batch"),
            Command::NextItem => ("下一条", "Next item"),
            Command::PreviousItem => ("上一条", "Previous item"),
            Command::Submit => ("提交并继续", "Submit and go on"),
            Command::Undo => ("撤销", "Undo"),
            Command::Redo => ("重做", "Redo"),
            Command::Delete => ("删除选中项", "Delete the selected one"),
            Command::NextRegion => ("选中下一个", "Select the next"),
            Command::PreviousRegion => ("选中上一个", "Select the previous"),
            Command::NewShape => ("在画面中央新建", "New shape in the middle"),
            Command::Cancel => ("取消", "Cancel"),
            Command::ZoomIn => ("放大", "Larger"),
            Command::ZoomOut => ("缩小", "Smaller"),
            Command::Fit => ("适合窗口", "Fit"),
            Command::Actual => ("原始大小", "Actual size"),
            Command::Form => ("转到表单", "Go to the form"),
            Command::Skip => ("跳过", "Skip"),
            Command::Guideline => ("标注规范", "Guideline"),
            Command::History => ("我的记录", "My last items"),
            Command::Help => ("快捷键", "Keys"),
        };
        if lang == Lang::Zh { zh } else { en }
    }

    /// The key to be shown.
    pub fn key_name(self) -> &'static str {
        self.keys().first().map_or("", |chord| chord.name)
    }

    /// Title and key, as shown on hover.
    pub fn hint(self, lang: Lang) -> String {
        format!("{} ({})", self.title(lang), self.key_name())
    }
}

/// Keys that belong to the stage itself: what they do depends on what is selected. For the help sheet.
pub fn stage_keys(scope: Scope, lang: Lang) -> Vec<(&'static str, &'static str)> {
    let rows: &[(&str, &str, &str)] = match scope {
        Scope::WorkText => &[
            ("← → ↑ ↓", "移动光标", "Move the caret"),
            ("Shift + ←→↑↓", "选择文字", "Select text"),
            ("Ctrl + ← →", "按词移动", "Move by word"),
            ("Alt + ← →", "移动选中标注的右边界", "Move the right border of the selected span"),
            ("Alt + Shift + ← →", "移动选中标注的左边界", "Move its left border"),
            ("Tab", "依次选中标注", "Go through the spans"),
        ],
        Scope::WorkImage | Scope::Fix => &[
            ("← → ↑ ↓", "移动选中图形 1 像素；未选中时平移画面", "Move the shape by 1 px; pan when none is selected"),
            ("Ctrl + ←→↑↓", "移动 10 像素", "Move by 10 px"),
            ("Shift + ←→↑↓", "移动右、下边", "Move the right and bottom border"),
            ("Alt + ←→↑↓", "移动左、上边", "Move the left and top border"),
            (", .", "选择多边形顶点", "Pick a vertex of the polygon"),
            ("Enter", "闭合正在画的多边形", "Close the polygon being drawn"),
            ("Alt + 点击 / click", "删除顶点", "Delete a vertex"),
            ("空格 / Space + 拖动 / drag", "平移", "Pan"),
            ("滚轮 / Wheel", "缩放", "Zoom"),
            ("Tab", "依次选中图形", "Go through the shapes"),
        ],
        Scope::Review => &[
            ("1–6", "选择不合格原因", "Pick the reason of a fail"),
            ("空格 / Space + 拖动 / drag", "平移", "Pan"),
            ("滚轮 / Wheel", "缩放", "Zoom"),
        ],
    };
    rows.iter().map(|(key, zh, en)| (*key, if lang == Lang::Zh { *zh } else { *en })).collect()
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
                    let same = |known: &Chord| {
                        (known.code, known.ctrl, known.shift) == (chord.code, chord.ctrl, chord.shift)
                    };
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
