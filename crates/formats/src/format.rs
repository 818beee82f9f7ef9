//! The list of formats. A new one is one file and one line here; menus, documentation and round-trip tests walk the list.

use domain::project::Modality;
use serde::Serialize;

use crate::{archive, coco, csv, jsonl, native, txt};

/// One way in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Format {
    /// The id in REST and in settings; unique for each kind.
    pub id: &'static str,
    /// In or out.
    pub kind: Kind,
    /// The name on the screen.
    pub title: Title,
    /// What items it can carry.
    pub modalities: &'static [Modality],
    /// The endings of file names, without the dot, the usual one of an export first.
    pub extensions: &'static [&'static str],
}

/// In or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Out.
    Export,
    /// In.
    Import,
}

/// A name in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Title {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// Every format, by id, export before import.
const ALL: [Format; 9] = [
    coco::EXPORT,
    csv::EXPORT,
    csv::IMPORT,
    archive::IMPORT,
    native::EXPORT,
    jsonl::IMPORT,
    native::IMPORT,
    csv::IMPORT_TSV,
    txt::IMPORT,
];

/// Every format, alphabetical.
#[must_use]
pub fn all() -> &'static [Format] {
    &ALL
}

/// The format of this id and kind.
#[must_use]
pub fn by_id(kind: Kind, id: &str) -> Option<&'static Format> {
    ALL.iter().find(|format| format.kind == kind && format.id == id)
}

/// Guesses the format of an upload from its name and its first bytes; the bytes decide between text items and a native
/// export, which have the same ending.
#[must_use]
pub fn guess(name: &str, head: &[u8]) -> Option<&'static Format> {
    if archive::is_zip(head) {
        return by_id(Kind::Import, archive::IMPORT.id);
    }
    let (_, extension) = name.rsplit_once('.')?;
    let extension = extension.to_ascii_lowercase();
    let found = ALL.iter().find(|format| {
        format.kind == Kind::Import && format.id != native::IMPORT.id && format.extensions.contains(&extension.as_str())
    })?;
    if found.id == jsonl::IMPORT.id && native::looks_native(head) {
        return by_id(Kind::Import, native::IMPORT.id);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_unique() {
        let ids: Vec<_> = all().iter().map(|format| (format.id, format.kind)).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(ids, sorted);
        for format in all() {
            assert_eq!(by_id(format.kind, format.id), Some(format));
            assert!(!format.title.zh.is_empty() && !format.title.en.is_empty());
            assert!(!format.extensions.is_empty() && !format.modalities.is_empty());
        }
    }

    #[test]
    fn uploads_are_recognised() {
        let guessed = |name: &str, head: &[u8]| guess(name, head).map(|format| format.id);
        assert_eq!(guessed("语料.JSONL", b"{\"text\":\"a\"}\n"), Some("jsonl"));
        assert_eq!(guessed("a.jsonl", b"{\"terrace\":1,\"key\":\"a\""), Some("native"));
        assert_eq!(guessed("a.csv", b""), Some("csv"));
        assert_eq!(guessed("a.tab", b""), Some("tsv"));
        assert_eq!(guessed("a.TXT", b""), Some("txt"));
        assert_eq!(guessed("a.jpeg", b"\xff\xd8"), Some("images"));
        assert_eq!(guessed("a.bin", b"PK\x03\x04"), Some("images"));
        assert_eq!(guessed("a.exe", b"MZ"), None);
        assert_eq!(guessed("README", b""), None);
    }
}
