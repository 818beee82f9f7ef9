//! Submitted annotations: immutable values with their history.

use crate::id::{AnnotationId, BatchId, InspectionId, ItemId, ProjectId};
use crate::time::Millis;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A value as submitted: an object keyed by control id.
pub type AnnotationValue = Map<String, Value>;

/// Whose work an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnnotationKind {
    /// An annotator's.
    Label,
    /// A reviewer's own revision, given with the verdict `fixed`.
    Fix,
}

/// A submitted annotation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnnotationView {
    /// The annotation.
    pub id: AnnotationId,
    /// The item.
    pub item: ItemId,
    /// 1 for the first, n+1 for rework by the same author.
    pub revision: u32,
    /// The author's user name.
    pub annotator: String,
    /// The author's shown name.
    pub annotator_name: String,
    /// Whose work.
    pub kind: AnnotationKind,
    /// False for a late submit whose slot was taken by then: kept, not counted.
    pub counted: bool,
    /// The value.
    pub value: AnnotationValue,
    /// The schema version it was checked against.
    pub schema_version: u32,
    /// The guideline version in force.
    pub guideline_version: u32,
    /// Counted working time in milliseconds: never more than `raw_ms`.
    pub active_ms: i64,
    /// From claim to submit, in milliseconds.
    pub raw_ms: i64,
    /// When it was submitted.
    pub submitted_at: Millis,
    /// What reviewers said of it, oldest first.
    pub verdicts: Vec<VerdictView>,
}

/// What a reviewer said of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerdictView {
    /// The inspection.
    pub inspection: InspectionId,
    /// The batch's id.
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
    pub at: Millis,
}

/// A reviewer's judgement of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    /// Right.
    Pass,
    /// Wrong, with a reason.
    Fail,
    /// Wrong, and put right by the reviewer.
    Fixed,
}

/// Why an item failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Something that should be labeled is not.
    Missing,
    /// Something is labeled that should not be.
    Extra,
    /// The label is wrong.
    WrongLabel,
    /// The border of a span or shape is off.
    WrongBoundary,
    /// Against the guideline in another way.
    Guideline,
    /// Anything else: the comment says what.
    Other,
}

impl Reason {
    /// Every reason, in the order of its number key.
    pub const ALL: [Reason; 6] =
        [Reason::Missing, Reason::Extra, Reason::WrongLabel, Reason::WrongBoundary, Reason::Guideline, Reason::Other];

    /// The word on screens.
    pub fn words(self) -> crate::lang::Words {
        use crate::lang::Words;
        match self {
            Reason::Missing => Words::new("漏标", "Missing"),
            Reason::Extra => Words::new("多标", "Extra"),
            Reason::WrongLabel => Words::new("标签错误", "Wrong label"),
            Reason::WrongBoundary => Words::new("边界不准", "Wrong boundary"),
            Reason::Guideline => Words::new("不符合规范", "Against the guideline"),
            Reason::Other => Words::new("其他", "Other"),
        }
    }
}

/// A line of a person's own history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// The annotation.
    pub annotation: AnnotationId,
    /// The item.
    pub item: ItemId,
    /// The project.
    pub project: ProjectId,
    /// The uploader's key.
    pub key: String,
    /// The beginning of the text, or the image's name.
    pub excerpt: String,
    /// Which revision.
    pub revision: u32,
    /// When.
    pub submitted_at: Millis,
    /// Where the item stands now.
    pub state: crate::item::ItemState,
    /// It can still be taken back for correction.
    pub can_reopen: bool,
}
