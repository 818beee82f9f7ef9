//! Export jobs as people and programs see them.

use crate::id::{ExportId, ProjectId};
use crate::import::JobState;
use crate::lang::Words;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// Which items leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Only {
    /// All of them.
    #[default]
    All,
    /// Accepted ones.
    Accepted,
}

/// A new export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    /// `jsonl`, `csv` or `coco`.
    pub format: String,
    /// Which items.
    #[serde(default)]
    pub only: Only,
}

/// An export job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportView {
    /// The job.
    pub id: ExportId,
    /// The project.
    pub project: ProjectId,
    /// Where it stands.
    pub state: JobState,
    /// The format.
    pub format: String,
    /// Which items.
    pub only: Only,
    /// Items to write, as far as known.
    pub total: u64,
    /// Items written.
    pub done: u64,
    /// Bytes of the finished file.
    pub bytes: Option<u64>,
    /// SHA-256 of the finished file, hexadecimal.
    pub sha256: Option<String>,
    /// The file's name for download.
    pub file_name: Option<String>,
    /// What the format could not carry, counted by sentence.
    pub losses: Vec<(Words, u64)>,
    /// Why it failed.
    pub error: Option<Words>,
    /// Who asked (user name).
    pub created_by: String,
    /// When.
    pub created_at: Millis,
    /// When it ended.
    pub finished_at: Option<Millis>,
}
