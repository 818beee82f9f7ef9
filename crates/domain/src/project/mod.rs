//! Projects: what they are, their settings, members, and how lists and pages see them.

pub mod field;

use crate::error::Problem;
use crate::id::{PersonId, ProjectId};
use crate::schema::Schema;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// What the items of a project are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Text.
    Text,
    /// Still images.
    Image,
}

/// A person's role in one project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectRole {
    /// Sets up, imports, assigns, exports.
    Manager,
    /// Inspects batches.
    Reviewer,
    /// Labels.
    Annotator,
    /// The client who accepts and takes the data.
    Acceptor,
}

/// Where a project stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being set up: nobody labels yet.
    Setup,
    /// Open for work.
    Open,
    /// Stopped for a while: nothing new is handed out, submits are still taken.
    Paused,
    /// Ended; read only.
    Archived,
}

/// The order in which items are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As imported.
    #[default]
    Imported,
    /// By a stable shuffle.
    Random,
}

/// How much of a batch is inspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// A drawn sample of `sample_rate`.
    #[default]
    Sample,
    /// Every item.
    All,
}

/// How the work in a project goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Annotations wanted for each item by different people, 1–9. Fixed once items are imported.
    pub overlap: u8,
    /// Minutes a claim lives without a heartbeat, 1–240.
    pub lease_minutes: u16,
    /// The order of handing out.
    pub order: Order,
    /// How much of a batch is inspected.
    pub review: Review,
    /// The share of a batch that is drawn when `review` is `sample`, above 0 up to 1.
    pub sample_rate: f64,
    /// Items of a batch made by size, 1–10,000.
    pub batch_size: u32,
    /// A choice that completes the value also submits it.
    pub auto_submit: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            overlap: 1,
            lease_minutes: 30,
            order: Order::Imported,
            review: Review::Sample,
            sample_rate: 0.2,
            batch_size: 100,
            auto_submit: false,
        }
    }
}

impl Settings {
    /// Every value out of its range.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut range = |fits: bool, at: &str, zh: &str, en: &str| {
            if !fits {
                problems.push(Problem::new(format!("settings.{at}"), "out-of-range", zh, en));
            }
        };
        range((1..=9).contains(&self.overlap), "overlap", "每条标注人数须为 1–9。", "Overlap must be 1 to 9.");
        range(
            (1..=240).contains(&self.lease_minutes),
            "lease_minutes",
            "领取时限须为 1–240 分钟。",
            "The lease must be 1 to 240 minutes.",
        );
        range(
            self.sample_rate > 0.0 && self.sample_rate <= 1.0,
            "sample_rate",
            "抽检比例须大于 0 且不超过 1。",
            "The sample rate must be above 0 and at most 1.",
        );
        range(
            (1..=10_000).contains(&self.batch_size),
            "batch_size",
            "批次大小须为 1–10000。",
            "The batch size must be 1 to 10,000.",
        );
        problems
    }
}

/// A new project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// 1–80 characters, unique.
    pub name: String,
    /// Text or image; fixed.
    pub modality: Modality,
    /// A slug of [`field::FIELDS`] or [`field::DOMAINS`].
    #[serde(default)]
    pub field: Option<String>,
    /// The controls; may be given later.
    #[serde(default)]
    pub schema: Option<serde_json::Value>,
    /// Markdown; may be given later.
    #[serde(default)]
    pub guideline: Option<String>,
    /// Defaults apply to what is left out.
    #[serde(default)]
    pub settings: Settings,
}

/// What changes in a project; absent parts stay.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectChange {
    /// A new name.
    #[serde(default)]
    pub name: Option<String>,
    /// A new field; the empty string clears it.
    #[serde(default)]
    pub field: Option<String>,
    /// A new status.
    #[serde(default)]
    pub status: Option<Status>,
    /// New settings, whole.
    #[serde(default)]
    pub settings: Option<Settings>,
    /// A new schema: becomes the next version.
    #[serde(default)]
    pub schema: Option<serde_json::Value>,
    /// The person has seen that annotations will no longer fit the new schema.
    #[serde(default)]
    pub accept_orphans: bool,
    /// A new guideline: becomes the next version.
    #[serde(default)]
    pub guideline: Option<String>,
}

/// Items of a project by state; what is never counted on a screen because it is kept as it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StateCounts {
    /// Wanting annotations.
    pub open: u64,
    /// Fully annotated, in no batch.
    pub labeled: u64,
    /// In a batch.
    pub in_review: u64,
    /// Returned to authors.
    pub rework: u64,
    /// Accepted.
    pub accepted: u64,
    /// Unusable.
    pub void: u64,
}

impl StateCounts {
    /// All items.
    pub fn total(&self) -> u64 {
        self.open + self.labeled + self.in_review + self.rework + self.accepted + self.void
    }
}

/// A project as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectSummary {
    /// The project.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// Text or image.
    pub modality: Modality,
    /// Slug of the industry field or domain.
    pub field: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// The caller's role there.
    pub role: Option<ProjectRole>,
    /// Items by state.
    pub counts: StateCounts,
    /// When it was made.
    pub created_at: Millis,
}

/// A project as its page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectView {
    /// As in lists.
    #[serde(flatten)]
    pub summary: ProjectSummary,
    /// The settings.
    pub settings: Settings,
    /// The schema in force; no controls before one was saved.
    pub schema: Schema,
    /// Its version; 0 before one was saved.
    pub schema_version: u32,
    /// The guideline's Markdown.
    pub guideline: String,
    /// The guideline as safe HTML.
    pub guideline_html: String,
    /// Its version; 0 before one was saved.
    pub guideline_version: u32,
    /// Members by role.
    pub members: MemberCounts,
}

/// How many members hold each role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MemberCounts {
    /// Managers.
    pub managers: u32,
    /// Reviewers.
    pub reviewers: u32,
    /// Annotators.
    pub annotators: u32,
    /// Acceptors.
    pub acceptors: u32,
}

/// Which members a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MemberQuery {
    /// Part of a user name or name.
    #[serde(default)]
    pub search: Option<String>,
    /// Only those with this role.
    #[serde(default)]
    pub role: Option<ProjectRole>,
    /// The cursor of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// At most so many rows (1–500, 100 when absent).
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A member of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// The account.
    pub person: PersonId,
    /// The name typed at sign-in.
    pub username: String,
    /// The name shown.
    pub name: String,
    /// The organization's name.
    pub organization_name: Option<String>,
    /// The role here.
    pub role: ProjectRole,
    /// May sign in.
    pub active: bool,
}

/// What a new schema would do to annotations that exist.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SchemaImpact {
    /// Existing current annotations.
    pub annotations: u64,
    /// Of those, how many would break the new schema.
    pub orphaned: u64,
    /// Controls that would go, by id.
    pub removed_controls: Vec<String>,
    /// Labels and options that would go, `control/label`, with how many annotations use each.
    pub removed_labels: Vec<(String, u64)>,
}

impl ProjectRole {
    /// The code in rows and REST.
    pub fn code(self) -> &'static str {
        match self {
            ProjectRole::Manager => "manager",
            ProjectRole::Reviewer => "reviewer",
            ProjectRole::Annotator => "annotator",
            ProjectRole::Acceptor => "acceptor",
        }
    }

    /// Every role, in the order of lists.
    pub const ALL: [ProjectRole; 4] =
        [ProjectRole::Manager, ProjectRole::Reviewer, ProjectRole::Annotator, ProjectRole::Acceptor];
}
