//! The deeds of the queue that thousands do at the same moment, each done for all of them by a few statements
//! ([`crate::db::joint`]).
//!
//! Only the usual way is gone together: a live claim that is submitted for the first time, ready items for those who hold
//! fewer than they asked for, a newer draft. Everything else (returned work, late submits, what another tab did at this
//! very moment) is left to the use case that does it for one. What is never done here: decide who may.

pub(crate) mod drafts;
pub(super) mod look;
pub(crate) mod submits;
pub(crate) mod takes;

use crate::db::joint::Joint;
use sea_orm::DbBackend;

/// Groups of reads of a kind at a time.
const READING: usize = 2;
/// Groups of writes of a kind at a time on PostgreSQL; SQLite has one writer.
const WRITING: usize = 4;

/// Where the deeds come together.
#[derive(Debug)]
pub(crate) struct Together {
    pub(super) doors: Joint<look::Door>,
    pub(super) held: Joint<look::Hold>,
    pub(super) views: Joint<look::Views>,
    pub(super) drafts: Joint<drafts::Save>,
    pub(super) submits: Joint<submits::Submission>,
    pub(super) takes: Joint<takes::Take>,
}

impl Together {
    pub(crate) fn new(backend: DbBackend) -> Self {
        let writing = if backend == DbBackend::Sqlite { 1 } else { WRITING };
        Self {
            doors: Joint::new(READING),
            held: Joint::new(READING),
            views: Joint::new(READING),
            drafts: Joint::new(writing),
            submits: Joint::new(writing),
            takes: Joint::new(writing),
        }
    }
}
