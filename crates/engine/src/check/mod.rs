//! Audits every rule of the engine over what is stored.
//!
//! It reads one consistent state of the database page by page, so that its memory does not grow with it, and changes
//! nothing. A breach is a sentence for the operator's log.

mod batches;
mod blobs;
mod figures;
pub(crate) mod items;

use crate::Engine;
use crate::error::Result;
use sea_orm::{DatabaseTransaction, DbBackend, IsolationLevel, TransactionOptions, TransactionTrait};

/// Breaches that are told; more are only counted.
const TOLD: usize = 1_000;
/// Rows read at once.
const PAGE: u64 = 1_000;

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// A sentence for each breach.
    pub breaches: Vec<String>,
    /// What was looked at: noun and number.
    pub counted: Vec<(String, u64)>,
}

/// An audit under way.
struct Audit<'a> {
    engine: &'a Engine,
    tx: DatabaseTransaction,
    breaches: Vec<String>,
    more: u64,
    counted: Vec<(String, u64)>,
}

/// Audits the database and the blobs.
pub async fn run(engine: &Engine) -> Result<CheckReport> {
    let mut options = TransactionOptions::default();
    if engine.db().backend() == DbBackend::Postgres {
        options.isolation_level = Some(IsolationLevel::RepeatableRead);
    }
    let tx = engine.db().read().begin_with_options(options).await?;
    let mut audit = Audit { engine, tx, breaches: Vec::new(), more: 0, counted: Vec::new() };
    items::check(&mut audit).await?;
    batches::check(&mut audit).await?;
    figures::check(&mut audit).await?;
    blobs::check(&mut audit).await?;
    if audit.more > 0 {
        audit.breaches.push(format!("and {} more", audit.more));
    }
    audit.tx.rollback().await?;
    Ok(CheckReport { breaches: audit.breaches, counted: audit.counted })
}

impl Audit<'_> {
    fn breach(&mut self, sentence: String) {
        if self.breaches.len() < TOLD {
            self.breaches.push(sentence);
        } else {
            self.more += 1;
        }
    }

    fn expect(&mut self, holds: bool, sentence: impl FnOnce() -> String) {
        if !holds {
            self.breach(sentence());
        }
    }

    fn count(&mut self, noun: &str, n: usize) {
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        match self.counted.iter_mut().find(|(known, _)| known == noun) {
            Some((_, total)) => *total += n,
            None => self.counted.push((noun.to_owned(), n)),
        }
    }
}
