//! From a key press to what it means. Keys are read by place (`KeyboardEvent.code`), so that layout and input method do not
//! matter; nothing is read while an input method composes, and single keys rest in text fields.

use crate::commands::{Command, Scope};
use domain::schema::keymap::Hotkey;

/// What of a `KeyboardEvent` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Press<'a> {
    /// `code`.
    pub code: &'a str,
    /// Ctrl or ⌘.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
    /// `isComposing`, or the key code 229 of older browsers.
    pub composing: bool,
    /// What has the focus.
    pub focus: Focus,
}

/// What has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The stage, the page, a radio button: nothing that needs keys of its own.
    Free,
    /// A button, a link: Enter and space are its own.
    Button,
    /// A field that takes letters.
    Field,
}

/// What a key press means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A command.
    Command(Command),
    /// A label or option of the schema.
    Label(Hotkey),
}

/// The meaning of the press, if it has one here.
pub fn read(press: Press<'_>, scope: Scope, hotkeys: &[Hotkey]) -> Option<Meaning> {
    if press.composing || press.alt {
        return None;
    }
    let chord_fits = |command: &Command| {
        command.keys().iter().any(|key| (key.code, key.ctrl, key.shift) == (press.code, press.ctrl, press.shift))
    };
    if let Some(command) = Command::ALL.into_iter().find(|command| command.works_in(scope) && chord_fits(command)) {
        let is_enter = matches!(press.code, "Enter" | "NumpadEnter");
        let rests = match press.focus {
            Focus::Free => false,
            Focus::Button => is_enter && !press.ctrl,
            Focus::Field => !command.works_in_fields() || (is_enter && !press.ctrl),
        };
        return (!rests).then_some(Meaning::Command(command));
    }
    if press.ctrl || press.shift || press.focus == Focus::Field || scope == Scope::Review {
        return None;
    }
    let key = letter(press.code)?;
    hotkeys.iter().find(|hotkey| hotkey.key == key).cloned().map(Meaning::Label)
}

/// The digit or letter printed on the key at this place.
pub fn letter(code: &str) -> Option<char> {
    let rest =
        code.strip_prefix("Key").or_else(|| code.strip_prefix("Digit")).or_else(|| code.strip_prefix("Numpad"))?;
    let mut chars = rest.chars();
    let key = chars.next().filter(char::is_ascii_alphanumeric)?.to_ascii_lowercase();
    chars.next().is_none().then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Press<'_> =
        Press { code: "", ctrl: false, shift: false, alt: false, composing: false, focus: Focus::Free };

    fn hotkeys() -> Vec<Hotkey> {
        [('1', "good"), ('q', "bad")]
            .map(|(key, label)| Hotkey { key, control: "mood".into(), label: label.into() })
            .to_vec()
    }

    fn label(press: Press<'_>) -> Option<String> {
        match read(press, Scope::WorkText, &hotkeys()) {
            Some(Meaning::Label(hotkey)) => Some(hotkey.label),
            _ => None,
        }
    }

    fn command(press: Press<'_>, scope: Scope) -> Option<Command> {
        match read(press, scope, &hotkeys()) {
            Some(Meaning::Command(command)) => Some(command),
            _ => None,
        }
    }

    #[test]
    fn labels_by_digit_number_pad_and_letter() {
        assert_eq!(label(Press { code: "Digit1", ..FREE }).as_deref(), Some("good"));
        assert_eq!(label(Press { code: "Numpad1", ..FREE }).as_deref(), Some("good"));
        assert_eq!(label(Press { code: "KeyQ", ..FREE }).as_deref(), Some("bad"));
        assert_eq!(label(Press { code: "KeyQ", ctrl: true, ..FREE }), None);
        assert_eq!(label(Press { code: "NumpadEnter", ..FREE }), None);
    }

    #[test]
    fn nothing_fires_while_an_input_method_composes_or_in_a_field() {
        assert_eq!(label(Press { code: "Digit1", composing: true, ..FREE }), None);
        assert_eq!(label(Press { code: "Digit1", focus: Focus::Field, ..FREE }), None);
        let enter = Press { code: "Enter", composing: true, ..FREE };
        assert_eq!(command(enter, Scope::WorkText), None);
        assert_eq!(command(Press { code: "KeyZ", ctrl: true, focus: Focus::Field, ..FREE }, Scope::WorkText), None);
    }

    #[test]
    fn enter_submits_unless_it_has_another_meaning() {
        let enter = Press { code: "Enter", ..FREE };
        assert_eq!(command(enter, Scope::WorkImage), Some(Command::Submit));
        assert_eq!(command(Press { focus: Focus::Button, ..enter }, Scope::WorkImage), None);
        assert_eq!(command(Press { focus: Focus::Field, ..enter }, Scope::WorkImage), None);
        let always = Press { ctrl: true, focus: Focus::Field, ..enter };
        assert_eq!(command(always, Scope::WorkImage), Some(Command::Submit));
    }

    #[test]
    fn a_reviewer_judges_with_letters_and_fixes_with_the_schemas_keys() {
        assert_eq!(command(Press { code: "KeyP", ..FREE }, Scope::Review), Some(Command::Pass));
        assert_eq!(read(Press { code: "KeyQ", ..FREE }, Scope::Review, &hotkeys()), None);
        assert!(matches!(read(Press { code: "KeyQ", ..FREE }, Scope::Fix, &hotkeys()), Some(Meaning::Label(_))));
    }
}
