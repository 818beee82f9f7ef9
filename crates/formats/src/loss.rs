//! What an export format cannot carry: told, never silently dropped.

use domain::Words;
use serde::Serialize;

/// One thing of one item that is not in the exported file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The item.
    pub key: String,
    /// The control; `None` when the item itself is left out.
    pub control: Option<String>,
    /// Why.
    pub reason: Reason,
}

/// Why something is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The format has no place for this kind of control.
    Kind,
    /// The item is of a kind that the format does not know.
    Modality,
    /// The value has a control or label that the schema does not have, of an earlier version of it.
    NotInSchema,
    /// The item has no final value yet.
    Unlabeled,
    /// The stored value has not the shape that the control's kind says.
    Value,
}

impl Loss {
    pub(crate) fn of_item(key: &str, reason: Reason) -> Self {
        Self { key: key.to_owned(), control: None, reason }
    }

    pub(crate) fn of_control(key: &str, control: &str, reason: Reason) -> Self {
        Self { key: key.to_owned(), control: Some(control.to_owned()), reason }
    }

    /// The sentence, the same for all items with the same loss, so that losses can be counted by it.
    #[must_use]
    pub fn words(&self) -> Words {
        let control = self.control.as_deref().unwrap_or_default();
        match self.reason {
            Reason::Kind => Words::new(
                format!("此格式无法表示“{control}”，已略去。"),
                format!("This format cannot carry “{control}”; it is left out."),
            ),
            Reason::Modality => Words::new(
                "此格式无法表示这类条目，已略去。",
                "This format cannot carry items of this modality; left out.",
            ),
            Reason::NotInSchema => Words::new(
                format!("“{control}”中有当前标注方案没有的内容，已略去。"),
                format!("“{control}” has something that the schema no longer has; it is left out."),
            ),
            Reason::Unlabeled => {
                Words::new("条目尚无最终结果，已略去。", "The item has no final value yet; it is left out.")
            }
            Reason::Value => Words::new(
                format!("“{control}”的值形状不对，已略去。"),
                format!("A value of “{control}” is malformed; it is left out."),
            ),
        }
    }
}
