//! Hotkeys of labels and options: given ones first, the rest filled in a fixed order. Digits and letters belong to the
//! schema; commands of the workbench use other keys or modifiers, so the two never collide.

use super::{Kind, Schema};
use serde::{Deserialize, Serialize};

/// What a hotkey picks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hotkey {
    /// `0–9` or `a–z`.
    pub key: char,
    /// The control.
    pub control: String,
    /// The label or option.
    pub label: String,
}

/// The order in which free keys are handed out: digits, then the left hand, then the rest.
const FREE: &str = "1234567890qwertasdfgzxcvbyuiophjklnm";

impl Schema {
    /// Every hotkey: those given in the schema, then free keys for labels and options without one, while they last.
    pub fn hotkeys(&self) -> Vec<Hotkey> {
        let targets = self.targets();
        let taken: Vec<char> = targets.iter().filter_map(|(_, _, key)| *key).collect();
        let mut free = FREE.chars().filter(|key| !taken.contains(key));
        targets
            .into_iter()
            .filter_map(|(control, label, key)| Some(Hotkey { key: key.or_else(|| free.next())?, control, label }))
            .collect()
    }

    /// The hotkey of one label or option.
    pub fn hotkey_of(&self, control: &str, label: &str) -> Option<char> {
        self.hotkeys()
            .into_iter()
            .find(|hotkey| hotkey.control == control && hotkey.label == label)
            .map(|hotkey| hotkey.key)
    }

    /// (control, label or option, given key), in the order of the screen.
    pub(super) fn targets(&self) -> Vec<(String, String, Option<char>)> {
        let given = |key: &Option<String>| key.as_deref().and_then(|key| key.chars().next());
        let mut out = Vec::new();
        for control in &self.controls {
            match &control.kind {
                Kind::Choice { .. } => {
                    out.extend(
                        control
                            .leaves()
                            .into_iter()
                            .map(|option| (control.id.clone(), option.id.clone(), given(&option.key))),
                    );
                }
                _ => {
                    let labels = control.labels().iter();
                    out.extend(labels.map(|label| (control.id.clone(), label.id.clone(), given(&label.key))));
                }
            }
        }
        out
    }
}
