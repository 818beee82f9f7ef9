//! Batches, inspections, verdicts and decisions.

use crate::annotation::{AnnotationValue, AnnotationView, Reason, VerdictKind};
use crate::id::{AnnotationId, BatchId, InspectionId, ItemId, PersonId, ProjectId};
use crate::item::ItemView;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Waits for a reviewer.
    Waiting,
    /// Being inspected.
    Inspecting,
    /// Accepted whole.
    Accepted,
    /// Failed items were returned, the rest accepted.
    PartlyReturned,
    /// Returned whole.
    Returned,
}

impl BatchState {
    /// All, in the order in which a batch goes through them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Inspecting, Self::Accepted, Self::PartlyReturned, Self::Returned];

    /// Its name in rows and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Inspecting => "inspecting",
            Self::Accepted => "accepted",
            Self::PartlyReturned => "partly_returned",
            Self::Returned => "returned",
        }
    }
}

/// How a batch is made: the oldest labeled items that fit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewBatch {
    /// At most so many items; the project's batch size when absent.
    #[serde(default)]
    pub size: Option<u32>,
    /// Which items.
    #[serde(default)]
    pub filter: Option<BatchFilter>,
}

/// Which labeled items join.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchFilter {
    /// Only items with an annotation by this person (user name).
    #[serde(default)]
    pub annotator: Option<String>,
    /// Only items whose key begins so.
    #[serde(default)]
    pub key_prefix: Option<String>,
    /// Only items finished at or after this moment.
    #[serde(default)]
    pub from: Option<Millis>,
    /// Only items finished before this moment.
    #[serde(default)]
    pub to: Option<Millis>,
}

/// Which batches a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BatchQuery {
    /// Only those that stand here.
    #[serde(default)]
    pub state: Option<BatchState>,
    /// The cursor of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// At most so many rows (1–500, 100 when absent).
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A batch as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchView {
    /// The batch.
    pub id: BatchId,
    /// The project.
    pub project: ProjectId,
    /// Its number in the project, from 1.
    pub number: u32,
    /// Its items.
    pub size: u32,
    /// Where it stands.
    pub state: BatchState,
    /// When it was made.
    pub created_at: Millis,
    /// The running or last inspection.
    pub inspection: Option<InspectionSummary>,
    /// When it was decided.
    pub decided_at: Option<Millis>,
    /// By whom (user name).
    pub decided_by: Option<String>,
    /// The written reason.
    pub reason: Option<String>,
}

/// How the sample is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Plan {
    /// Every item.
    All,
    /// A share of the batch, above 0 up to 1, at least one item.
    Rate {
        /// The share.
        rate: f64,
    },
}

/// An inspection in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InspectionSummary {
    /// The inspection.
    pub id: InspectionId,
    /// The reviewer.
    pub reviewer: PersonId,
    /// The reviewer's user name.
    pub reviewer_name: String,
    /// The plan.
    pub plan: Plan,
    /// The seed of the draw.
    pub seed: String,
    /// SHA-256 over the batch's item ids in batch order, so that the draw can be repeated and proved.
    pub lot_hash: String,
    /// Items drawn.
    pub n: u32,
    /// Accept at up to so many failures.
    pub ac: u32,
    /// Reject from so many failures.
    pub re: u32,
    /// Verdicts so far: passed.
    pub passed: u32,
    /// Failed.
    pub failed: u32,
    /// Fixed by the reviewer.
    pub fixed: u32,
    /// When it began.
    pub started_at: Millis,
}

/// An inspection with its sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InspectionView {
    /// In figures.
    pub summary: InspectionSummary,
    /// The batch.
    pub batch: BatchView,
    /// The drawn items in the order of review.
    pub sample: Vec<SampleItem>,
}

/// One drawn item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleItem {
    /// The item.
    pub item: ItemId,
    /// Its key.
    pub key: String,
    /// The verdict so far.
    pub verdict: Option<Verdict>,
}

/// One drawn item with what the reviewer looks at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleDetail {
    /// The item.
    pub item: ItemView,
    /// The current annotation of each author (the last revision), and fixes.
    pub annotations: Vec<AnnotationView>,
    /// The verdict so far.
    pub verdict: Option<Verdict>,
}

/// A reviewer's verdict on one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// What.
    pub verdict: VerdictKind,
    /// Needed for `fail`.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// The reviewer's words, at most 1,000 characters.
    #[serde(default)]
    pub comment: Option<String>,
    /// For `fixed`: the right value.
    #[serde(default)]
    pub value: Option<AnnotationValue>,
    /// For `fail`: the annotations that go back; all of the item's when empty.
    #[serde(default)]
    pub annotations: Vec<AnnotationId>,
}

/// What becomes of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// Everything is accepted; not open while failed items are in the batch.
    Accept,
    /// Failed items go back to their authors, the rest is accepted.
    ReturnFailed,
    /// The whole batch goes back to its authors.
    ReturnAll,
}

/// A decision. Before every verdict of the sample is there only a manager may decide, with a written reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// What.
    pub decision: DecisionKind,
    /// Why; shown to the authors of returned work.
    #[serde(default)]
    pub reason: Option<String>,
}
