//! Review: the batches that wait (`/review`), and one of them under inspection (`/review/:batch`).
//!
//! [`mod@list`] shows the batches, [`mod@batch`] opens one, [`mod@desk`] holds what the reviewer does, the rest is what they see of it.
//! Nothing here judges: verdicts and decisions are the server's.

mod batch;
mod decision;
mod desk;
mod list;
mod verdict;

pub use batch::batch;
pub use list::list;

use crate::text::{fill, now};
use domain::annotation::VerdictKind;
use domain::batch::{InspectionSummary, Plan};

/// Items with a verdict.
fn judged(summary: &InspectionSummary) -> u32 {
    summary.passed + summary.failed + summary.fixed
}

/// How far an inspection is, in words.
fn progress_words(summary: &InspectionSummary) -> String {
    let values = [("n", summary.n.to_string()), ("done", judged(summary).to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    match summary.plan {
        Plan::All => fill(now(|t| t.review.all_words), &values),
        Plan::Rate { .. } => fill(now(|t| t.review.sample_words), &values),
    }
}

/// The name of a verdict.
fn verdict_word(verdict: VerdictKind) -> &'static str {
    match verdict {
        VerdictKind::Pass => now(|t| t.review.verdict_pass),
        VerdictKind::Fail => now(|t| t.review.verdict_fail),
        VerdictKind::Fixed => now(|t| t.review.verdict_fixed),
    }
}
