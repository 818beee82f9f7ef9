//! Claims: one person's exclusive, expiring hold on one slot of an item, and what travels around it.

use crate::annotation::{AnnotationValue, AnnotationView, Reason};
use crate::id::{ClaimId, ItemId, ProjectId};
use crate::item::ItemView;
use crate::lang::Words;
use crate::project::{Modality, Settings};
use crate::schema::Schema;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// How many claims one call may take, so that a client cannot drain a queue.
pub const CLAIM_MAX: u32 = 10;
/// How many live claims one person may hold in a project.
pub const HOLD_MAX: u32 = 20;
/// Claims the browser holds ahead: the one at hand and the next ones.
pub const PREFETCH: u32 = 4;

/// A claim as its holder sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimView {
    /// The claim.
    pub id: ClaimId,
    /// When it was taken.
    pub claimed_at: Millis,
    /// When it ends unless renewed.
    pub expires_at: Millis,
    /// The item.
    pub item: ItemView,
    /// The last draft that reached the server.
    pub draft: Option<Draft>,
    /// Present when this is rework: what to put right.
    pub rework: Option<ReworkNote>,
}

/// Work in progress on a claim.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The value so far; need not satisfy the schema.
    pub value: AnnotationValue,
    /// Counted working time so far, milliseconds.
    #[serde(default)]
    pub active_ms: i64,
    /// Grows with each save; an older one never replaces a newer one.
    #[serde(default)]
    pub sequence: u64,
}

/// What the reviewer (or the author themself) asks to be put right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReworkNote {
    /// The annotation to correct.
    pub previous: AnnotationView,
    /// The reason code, absent for an own correction or a batch returned as a whole.
    pub reason: Option<Reason>,
    /// The reviewer's words.
    pub comment: Option<String>,
    /// The author took it back themself.
    pub own: bool,
    /// When it was returned.
    pub returned_at: Millis,
}

/// The answer to a claim call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claimed {
    /// What was taken, in the order of work: rework first. Live claims the caller already held come first of all.
    pub claims: Vec<ClaimView>,
    /// Why fewer than asked.
    pub reason: Option<NoWork>,
}

/// Why there is nothing (more) to hand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoWork {
    /// Nothing was imported yet.
    Empty,
    /// Everything is labeled.
    AllDone,
    /// What remains is in other people's hands, or was labeled by the caller before.
    HeldByOthers,
    /// The project is not open.
    Closed,
    /// The caller holds as many as one person may.
    HoldLimit,
}

impl NoWork {
    /// A sentence for the person.
    pub fn words(self) -> Words {
        match self {
            NoWork::Empty => Words::new("项目还没有导入数据。", "Nothing was imported yet."),
            NoWork::AllDone => Words::new("全部条目都已标注完成。", "Every item is labeled."),
            NoWork::HeldByOthers => Words::new(
                "剩余条目正由他人标注，或您已标过，请稍后再来。",
                "What remains is in other hands, or you have labeled it. Come back later.",
            ),
            NoWork::Closed => Words::new("项目当前未开放作业。", "The project is not open for work now."),
            NoWork::HoldLimit => Words::new(
                "您手中的条目已达上限，请先提交。",
                "You hold as many items as one person may. Submit some first.",
            ),
        }
    }
}

/// A submit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// The whole value.
    pub value: AnnotationValue,
    /// Counted working time, milliseconds; cut to the claim's own span.
    #[serde(default)]
    pub active_ms: i64,
    /// The schema the work was done under.
    pub schema_version: u32,
}

/// The answer to a submit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// What was kept.
    pub annotation: AnnotationView,
    /// True when this very submit was answered before.
    pub repeated: bool,
}

/// Why an annotator leaves an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Not sure how to label it: somebody else shall try.
    Unsure,
    /// The guideline does not cover it.
    Unclear,
    /// The data cannot be used: unreadable, empty, not what it should be. Makes the item void.
    Unusable,
}

impl SkipReason {
    /// Every reason.
    pub const ALL: [SkipReason; 3] = [SkipReason::Unsure, SkipReason::Unclear, SkipReason::Unusable];

    /// The word on screens.
    pub fn words(self) -> Words {
        match self {
            SkipReason::Unsure => Words::new("拿不准，留给他人", "Not sure: leave it to somebody else"),
            SkipReason::Unclear => Words::new("规范没有说明", "The guideline does not cover it"),
            SkipReason::Unusable => Words::new("数据不可用（作废）", "Unusable data (void)"),
        }
    }
}

/// Everything the workbench needs besides the claims.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workplace {
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// Text or image.
    pub modality: Modality,
    /// The schema in force.
    pub schema: Schema,
    /// Its version, to be sent with each submit.
    pub schema_version: u32,
    /// The guideline as safe HTML.
    pub guideline_html: String,
    /// The guideline's version.
    pub guideline_version: u32,
    /// The settings.
    pub settings: Settings,
    /// The caller's submits here today.
    pub today: u64,
    /// Items of the project that still want annotations.
    pub waiting: u64,
}

/// The answer to a heartbeat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Renewed {
    /// Claims that live on, with their new end.
    pub renewed: Vec<(ClaimId, Millis)>,
    /// Claims that are no longer the caller's.
    pub gone: Vec<ClaimId>,
}

/// The annotator's home.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Home {
    /// Projects in which the caller annotates, those with rework first.
    pub projects: Vec<HomeProject>,
    /// Returned work, oldest first, at most 20.
    pub rework: Vec<HomeRework>,
    /// The caller's figures of today.
    pub today: crate::stats::Figures,
    /// The caller's figures of each of the last 14 days, oldest first.
    pub days: Vec<crate::stats::DayFigures>,
}

/// A project on the annotator's home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HomeProject {
    /// As in lists.
    pub project: crate::project::ProjectSummary,
    /// Items that still want annotations.
    pub waiting: u64,
    /// The caller's returned items.
    pub rework: u32,
    /// The caller's submits here today.
    pub today: u64,
}

/// A returned item on the annotator's home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HomeRework {
    /// The project.
    pub project: ProjectId,
    /// Its name.
    pub project_name: String,
    /// The item.
    pub item: ItemId,
    /// The uploader's key.
    pub key: String,
    /// The reason code.
    pub reason: Option<Reason>,
    /// The reviewer's words.
    pub comment: Option<String>,
    /// When it was returned.
    pub returned_at: Millis,
}
