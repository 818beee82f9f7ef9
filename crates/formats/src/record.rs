//! What an importer hands over, one at a time, and what it may be told.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::problem::{Fault, Problem};
use crate::text::Encoding;

/// The next thing an importer found. The order is the order of the upload.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<T> {
    /// A good one.
    Record(T),
    /// A refused one. If [`Problem::is_whole`], nothing follows.
    Problem(Problem),
}

/// One item of text as the uploader wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Where it begins, counted from 1.
    pub line: u64,
    /// The uploader's own id.
    pub key: Option<String>,
    /// The text, never normalised.
    pub text: String,
    /// Everything else that was said about it.
    pub meta: Map<String, Value>,
}

/// How far an import has come: the ordinal of the last line, row end or archive entry that was handed over.
///
/// Store it in the transaction that stores what was handed over, give it back in [`ImportOptions::resume`], and nothing is
/// lost or doubled. The cost of resuming is one more reading of what lies before: lines are skipped without being
/// decoded as JSON, rows of a table are parsed again (a quoted cell may hold line ends), archive entries cost nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

/// What the importer is told by the uploader and by the engine.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The encoding, when it shall not be guessed.
    pub encoding: Option<Encoding>,
    /// The field or column of the text; `text` if not given.
    pub text_field: Option<String>,
    /// The field or column of the key; `id` if not given. A table must have the column only if it was given.
    pub key_field: Option<String>,
    /// The name of the uploaded file: the key of an item that is a whole file.
    pub name: Option<String>,
    /// How plain text becomes items.
    pub split: Split,
    /// What is too long.
    pub limits: Limits,
    /// Where an interrupted import goes on.
    pub resume: Position,
}

impl ImportOptions {
    pub(crate) fn text_field(&self) -> &str {
        self.text_field.as_deref().unwrap_or("text")
    }

    pub(crate) fn key_field(&self) -> &str {
        self.key_field.as_deref().unwrap_or("id")
    }
}

/// How plain text becomes items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// A file is one item.
    File,
    /// Every line that is not empty is one item.
    #[default]
    Line,
}

/// What is too long to be one item. A caller may tighten or loosen them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one line, and of one row of a table, as UTF-8. Nothing longer is ever held in memory.
    pub line_bytes: usize,
    /// Bytes of a key.
    pub key_bytes: usize,
    /// Characters (Unicode scalar values) of a text.
    pub text_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { line_bytes: 8 << 20, key_bytes: 512, text_chars: 1_000_000 }
    }
}

impl Limits {
    pub(crate) fn check_text(&self, text: &str) -> Result<(), Fault> {
        if text.contains('\0') {
            return Err(Fault::NulCharacter);
        }
        if text.trim_start().is_empty() {
            return Err(Fault::TextEmpty);
        }
        // A character has at least one byte: most texts are never counted.
        if text.len() > self.text_chars && text.chars().count() > self.text_chars {
            return Err(Fault::TextTooLong { limit: self.text_chars });
        }
        Ok(())
    }

    pub(crate) fn check_key(&self, key: &str) -> Result<(), Fault> {
        if key.contains('\0') {
            return Err(Fault::NulCharacter);
        }
        if key.len() > self.key_bytes {
            return Err(Fault::KeyTooLong { limit: self.key_bytes });
        }
        Ok(())
    }
}
