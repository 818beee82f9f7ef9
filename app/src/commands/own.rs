//! A person's own keys, in place of those that a command has from the house: kept in this browser under their name, and
//! refused where a key has another meaning already. Only a browser has such keys; the server knows those of the house.

use super::{Chord, Command, Scope};
use std::cell::RefCell;

thread_local! {
    static OWN: RefCell<Vec<(Command, &'static [Chord])>> = const { RefCell::new(Vec::new()) };
}

/// Why a key cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Another command has it.
    By(Command),
    /// Digits and letters alone belong to labels and options.
    Labels,
    /// It belongs to the stage itself, to the browser, or is no key by itself.
    Fixed,
}

/// Under which name this browser keeps the keys of a person.
pub fn setting(person: &str) -> String {
    format!("keys.{person}")
}

/// The person's own keys of a command, if they have given it any.
pub(super) fn keys(command: Command) -> Option<&'static [Chord]> {
    OWN.with_borrow(|own| own.iter().find(|(known, _)| *known == command).map(|(_, keys)| *keys))
}

/// Takes over what this browser kept. What no longer fits (a newer version gave the key to something else) is left out.
pub fn remember(written: &str) {
    OWN.with_borrow_mut(Vec::clear);
    for line in written.split(' ') {
        let Some((name, keys)) = line.split_once(':') else { continue };
        let command = Command::ALL.into_iter().find(|command| format!("{command:?}") == name);
        let code = keys.trim_start_matches(['^', '+']);
        if let Some(command) = command {
            // A name that is refused stays what the house gave.
            let _ = give(command, code, keys.contains('^'), keys.contains('+'));
        }
    }
}

/// What this browser keeps.
pub fn written() -> String {
    let line = |(command, keys): &(Command, &'static [Chord])| {
        let key = keys.first()?;
        let marks = [(key.ctrl, "^"), (key.shift, "+")].map(|(on, mark)| if on { mark } else { "" }).concat();
        Some(format!("{command:?}:{marks}{}", key.code))
    };
    OWN.with_borrow(|own| own.iter().filter_map(line).collect::<Vec<_>>().join(" "))
}

/// Gives a command a key in place of those it has.
pub fn give(command: Command, code: &str, ctrl: bool, shift: bool) -> Result<(), Taken> {
    check(command, code, ctrl, shift)?;
    // Leaked: a few bytes each time a person chooses a key, so that a table of the house's keys needs no owner.
    let chord = Chord { code: code.to_owned().leak(), ctrl, shift, name: name(code, ctrl, shift).leak() };
    forget(command);
    OWN.with_borrow_mut(|own| own.push((command, Box::leak(Box::new([chord])))));
    Ok(())
}

/// Gives a command back the keys of the house.
pub fn forget(command: Command) {
    OWN.with_borrow_mut(|own| own.retain(|(known, _)| *known != command));
}

/// Has the person given the command a key of their own?
pub fn is_own(command: Command) -> bool {
    keys(command).is_some()
}

/// May the command have this key?
pub fn check(command: Command, code: &str, ctrl: bool, shift: bool) -> Result<(), Taken> {
    const SCOPES: [Scope; 4] = [Scope::WorkText, Scope::WorkImage, Scope::Review, Scope::Fix];
    let fixed = ["Arrow", "Tab", "Space", "Comma", "Period", "Control", "Shift", "Alt", "Meta", "OS", "Escape", "Caps"];
    let browsers =
        ctrl && matches!(code, "KeyK" | "KeyC" | "KeyV" | "KeyX" | "KeyA" | "KeyW" | "KeyT" | "KeyN" | "KeyR");
    if code.is_empty() || browsers || fixed.iter().any(|stem| code.starts_with(stem)) {
        return Err(Taken::Fixed);
    }
    let letter = ["Key", "Digit", "Numpad"]
        .iter()
        .any(|stem| code.strip_prefix(stem).is_some_and(|rest| rest.chars().count() == 1));
    if letter && !ctrl && !shift && SCOPES.into_iter().any(|scope| scope != Scope::Review && command.works_in(scope)) {
        return Err(Taken::Labels);
    }
    let meets = |other: &Command| SCOPES.into_iter().any(|scope| command.works_in(scope) && other.works_in(scope));
    let has = |other: &Command| other.keys().iter().any(|key| (key.code, key.ctrl, key.shift) == (code, ctrl, shift));
    let other = Command::ALL.into_iter().find(|other| *other != command && meets(other) && has(other));
    other.map_or(Ok(()), |other| Err(Taken::By(other)))
}

fn name(code: &str, ctrl: bool, shift: bool) -> String {
    let cap = match code {
        "BracketLeft" => "[",
        "BracketRight" => "]",
        "Backquote" => "`",
        "Backslash" => "\\",
        "Slash" => "/",
        "Semicolon" => ";",
        "Quote" => "'",
        "Minus" => "-",
        "Equal" => "=",
        _ => ["Key", "Digit"].iter().find_map(|stem| code.strip_prefix(stem)).unwrap_or(code),
    };
    [if ctrl { "Ctrl+" } else { "" }, if shift { "Shift+" } else { "" }, cap].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_ones_own_takes_the_place_of_the_houses_and_is_kept() {
        assert_eq!(give(Command::Lock, "KeyY", true, true), Ok(()));
        assert_eq!(Command::Lock.key_name(), "Ctrl+Shift+Y");
        assert_eq!(check(Command::Hide, "KeyY", true, true), Err(Taken::By(Command::Lock)));
        assert_eq!(check(Command::Hide, "KeyL", false, true), Ok(()), "what the house gave is free again");
        let kept = written();
        forget(Command::Lock);
        assert_eq!(Command::Lock.key_name(), "Shift+L");
        remember(&kept);
        assert_eq!(Command::Lock.keys().len(), 1);
        assert_eq!(Command::Lock.key_name(), "Ctrl+Shift+Y");
        remember("Lock:KeyQ Nothing:^KeyY Hide");
        assert!(!is_own(Command::Lock), "letters belong to labels");
    }

    #[test]
    fn keys_with_another_meaning_are_refused() {
        assert_eq!(check(Command::Lock, "KeyQ", false, false), Err(Taken::Labels));
        assert_eq!(check(Command::Lock, "Numpad4", false, false), Err(Taken::Labels));
        assert_eq!(check(Command::Pass, "KeyQ", false, false), Ok(()), "a reviewer's labels rest");
        assert_eq!(check(Command::Lock, "KeyZ", true, false), Err(Taken::By(Command::Undo)));
        assert_eq!(check(Command::Lock, "ArrowLeft", true, true), Err(Taken::Fixed));
        assert_eq!(check(Command::Lock, "KeyW", true, false), Err(Taken::Fixed));
        assert_eq!(check(Command::Undo, "KeyZ", true, false), Ok(()), "its own key is no collision");
        assert_eq!(check(Command::Decide, "Backquote", false, false), Ok(()), "they never meet");
        assert_eq!(name("Digit4", false, true), "Shift+4");
    }
}
