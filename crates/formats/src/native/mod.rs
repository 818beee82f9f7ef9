//! Terrace's own format: JSON Lines, an item a line, with every revision, verdict, version and time. Lossless.
//!
//! What is exported, imported again and exported once more is the same to the byte: fields come in a fixed order, the keys
//! of values and metadata sorted, times in RFC 3339 UTC with milliseconds, numbers as the shortest text that reads back equal.

mod read;
mod write;

use domain::annotation::{AnnotationKind, AnnotationValue, AnnotationView, Reason, VerdictKind, VerdictView};
use domain::id::{AnnotationId, BatchId, InspectionId};
use domain::item::{ItemData, ItemState};
use domain::project::Modality;
use domain::time::Millis;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::format::{Format, Kind, Title};

pub use read::{Numbered, Reader};
pub(crate) use write::Sorted;
pub use write::Writer;

/// Native JSON Lines out.
pub const EXPORT: Format = Format {
    id: "jsonl",
    kind: Kind::Export,
    title: Title { zh: "JSONL（完整，可重新导入）", en: "JSONL (complete, can be imported again)" },
    modalities: &[Modality::Image, Modality::Text],
    extensions: &["jsonl"],
};

/// Native JSON Lines in.
pub const IMPORT: Format = Format {
    id: "native",
    kind: Kind::Import,
    title: Title { zh: "梯田导出的 JSONL", en: "Terrace's own JSONL export" },
    modalities: &[Modality::Image, Modality::Text],
    extensions: &["jsonl"],
};

/// The version that this code writes, and the highest it reads.
pub const VERSION: u32 = 1;

/// One item with all that was done to it: a line of the export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportItem {
    /// The version of the line, see [`VERSION`].
    #[serde(rename = "terrace", default = "version")]
    pub version: u32,
    /// The uploader's own key.
    pub key: String,
    /// What the item holds.
    pub data: ExportData,
    /// The uploader's metadata.
    #[serde(default, serialize_with = "write::sorted")]
    pub meta: Map<String, Value>,
    /// Where it stands.
    pub state: ItemState,
    /// Why it is void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_reason: Option<String>,
    /// Every revision of everybody, oldest first.
    pub annotations: Vec<ExportAnnotation>,
    /// The agreed value, once there is one.
    #[serde(rename = "final", default, serialize_with = "write::sorted_or_null")]
    pub settled: Option<AnnotationValue>,
    /// The annotation from which the agreed value comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_annotation: Option<AnnotationId>,
}

fn version() -> u32 {
    VERSION
}

/// What an item holds, without addresses that would differ from one server to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportData {
    /// An image; its bytes travel beside the export.
    Image(ExportImage),
    /// A text.
    Text(String),
}

/// An image of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportImage {
    /// The uploaded file's name.
    pub name: String,
    /// Pixels of the upright image (EXIF orientation applied).
    pub width: u32,
    /// Pixels of the upright image.
    pub height: u32,
    /// SHA-256 of the uploaded file, hexadecimal.
    pub sha256: String,
}

impl From<&ItemData> for ExportData {
    fn from(data: &ItemData) -> Self {
        match data {
            ItemData::Text(text) => Self::Text(text.clone()),
            ItemData::Image(image) => Self::Image(ExportImage {
                name: image.name.clone(),
                width: image.width,
                height: image.height,
                sha256: image.sha256.clone(),
            }),
        }
    }
}

/// One revision of one person's work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportAnnotation {
    /// The annotation.
    pub id: AnnotationId,
    /// 1 for the first, n+1 for rework by the same author.
    pub revision: u32,
    /// The author's user name.
    pub annotator: String,
    /// Whose work it is.
    pub kind: AnnotationKind,
    /// False for a late submit whose slot was taken by then.
    pub counted: bool,
    /// The value, an object keyed by control id.
    #[serde(serialize_with = "write::sorted")]
    pub value: AnnotationValue,
    /// The schema version it was checked against.
    pub schema_version: u32,
    /// The guideline version in force.
    pub guideline_version: u32,
    /// Counted working time.
    pub active_ms: i64,
    /// From claim to submit.
    pub raw_ms: i64,
    /// When it was submitted.
    #[serde(with = "moment")]
    pub submitted_at: Millis,
    /// What reviewers said, oldest first.
    pub verdicts: Vec<ExportVerdict>,
}

/// What a reviewer said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportVerdict {
    /// The inspection.
    pub inspection: InspectionId,
    /// The batch.
    pub batch: BatchId,
    /// The reviewer's user name.
    pub reviewer: String,
    /// What.
    pub verdict: VerdictKind,
    /// The reason code of a fail.
    pub reason: Option<Reason>,
    /// The reviewer's words.
    pub comment: Option<String>,
    /// When.
    #[serde(with = "moment")]
    pub at: Millis,
    /// Of a fail: the annotations that went back, where not all did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<AnnotationId>,
    /// Of `fixed`: the reviewer's own revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<AnnotationId>,
}

impl From<AnnotationView> for ExportAnnotation {
    fn from(view: AnnotationView) -> Self {
        Self {
            id: view.id,
            revision: view.revision,
            annotator: view.annotator,
            kind: view.kind,
            counted: view.counted,
            value: view.value,
            schema_version: view.schema_version,
            guideline_version: view.guideline_version,
            active_ms: view.active_ms,
            raw_ms: view.raw_ms,
            submitted_at: view.submitted_at,
            verdicts: view.verdicts.into_iter().map(ExportVerdict::from).collect(),
        }
    }
}

impl From<VerdictView> for ExportVerdict {
    fn from(view: VerdictView) -> Self {
        Self {
            inspection: view.inspection,
            batch: view.batch,
            reviewer: view.reviewer,
            verdict: view.verdict,
            reason: view.reason,
            comment: view.comment,
            at: view.at,
            annotations: Vec::new(),
            fix: None,
        }
    }
}

impl ExportItem {
    /// The annotation that stands for the item in formats with one row an item: the one the final value comes from, or
    /// else the last counted one.
    #[must_use]
    pub fn representative(&self) -> Option<&ExportAnnotation> {
        let named = self.final_annotation.and_then(|id| self.annotations.iter().find(|annotation| annotation.id == id));
        named.or_else(|| self.annotations.iter().rev().find(|annotation| annotation.counted))
    }
}

/// Whether a file begins like a native export.
#[must_use]
pub fn looks_native(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let head: Vec<u8> = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(11).collect();
    head == b"{\"terrace\":"
}

/// Moments as RFC 3339 in UTC with milliseconds.
mod moment {
    use domain::time::Millis;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(moment: &Millis, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&moment.rfc3339())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Millis, D::Error> {
        let text = String::deserialize(deserializer)?;
        Millis::parse_rfc3339(&text)
            .ok_or_else(|| D::Error::custom("a time must be RFC 3339, as 2026-11-23T06:05:00.123Z"))
    }
}
