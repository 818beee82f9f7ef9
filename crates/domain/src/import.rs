//! Import jobs as people and programs see them.

use crate::id::{ImportId, ProjectId};
use crate::lang::Words;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its turn.
    Queued,
    /// At work.
    Running,
    /// Finished.
    Done,
    /// Gave up, with a reason.
    Failed,
}

impl JobState {
    /// The code in rows and REST.
    pub fn code(self) -> &'static str {
        match self {
            JobState::Queued => "queued",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
        }
    }
}

/// How an upload is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportOptions {
    /// `jsonl`, `csv`, `tsv`, `txt`, `native` or `images`; guessed from the file's name when absent.
    #[serde(default)]
    pub format: Option<String>,
    /// An encoding's label (`utf-8`, `gb18030`, `big5`, `utf-16le`…); detected when absent.
    #[serde(default)]
    pub encoding: Option<String>,
    /// The field or column that holds the text; `text` when absent.
    #[serde(default)]
    pub text_field: Option<String>,
    /// The field or column that holds the key; `id` when absent.
    #[serde(default)]
    pub key_field: Option<String>,
    /// For `txt`: a whole file is one item.
    #[serde(default)]
    pub whole_file: bool,
    /// The uploaded file's name, to be shown and to guess by.
    #[serde(default)]
    pub name: Option<String>,
}

/// An import job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportView {
    /// The job.
    pub id: ImportId,
    /// The project.
    pub project: ProjectId,
    /// Where it stands.
    pub state: JobState,
    /// The uploaded file's name.
    pub name: String,
    /// The format it is read as.
    pub format: String,
    /// The encoding it is read in, once known.
    pub encoding: Option<String>,
    /// Records or files read.
    pub read: u64,
    /// Items added.
    pub added: u64,
    /// Records with a key or content that is there already.
    pub duplicates: u64,
    /// Records refused.
    pub rejected: u64,
    /// Bytes of the upload.
    pub bytes_total: u64,
    /// Bytes worked through.
    pub bytes_done: u64,
    /// Why it failed as a whole.
    pub error: Option<Words>,
    /// When it was uploaded.
    pub created_at: Millis,
    /// When it ended.
    pub finished_at: Option<Millis>,
    /// The first problems, in the order of the file; at most 100 here.
    pub problems: Vec<ImportProblem>,
}

/// A line or file that was refused, or a remark on one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProblem {
    /// The line in the file, from 1.
    pub line: Option<u64>,
    /// The file inside an archive or upload.
    pub name: Option<String>,
    /// A stable code.
    pub code: String,
    /// What is wrong.
    pub message: Words,
    /// A piece of it, where that helps.
    pub sample: Option<String>,
}
