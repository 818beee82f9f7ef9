//! Attributes: what else is asked of each region with a label, such as whether it is occluded.

use super::{ChoiceOption, or_id};
use crate::lang::Words;
use serde::{Deserialize, Serialize};

/// One thing asked of a region. Its value stands in the region's `attributes` under the id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// The key in the value; unique in the label.
    pub id: String,
    /// The title; the id where it is empty.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub title: Words,
    /// A region without it is refused.
    #[serde(default)]
    pub required: bool,
    /// How it is answered.
    #[serde(flatten)]
    pub form: Form,
}

/// How an attribute is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Form {
    /// A list of option ids.
    Choice {
        /// The options, without children.
        options: Vec<ChoiceOption>,
        /// More than one may be picked.
        #[serde(default)]
        multiple: bool,
    },
    /// A text.
    Text {
        /// The most characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_chars: Option<u32>,
    },
    /// A number.
    Number {
        /// The least.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        /// The most.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
    },
    /// Yes or no: `true` or `false`.
    Flag,
}

impl Attribute {
    /// The title, or the id.
    pub fn name(&self, lang: crate::Lang) -> &str {
        or_id(&self.title, &self.id, lang)
    }
}
