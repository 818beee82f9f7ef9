mod decide;
mod judge;
mod large;
mod open;

use crate::room::{Room, mood};
use domain::annotation::{Reason, VerdictKind};
use domain::batch::{Decide, DecisionKind, InspectionView, Plan, Verdict};
use domain::id::BatchId;
use engine::{Ctx, inspection};

pub(super) fn pass() -> Verdict {
    Verdict { verdict: VerdictKind::Pass, reason: None, comment: None, value: None, annotations: Vec::new() }
}

pub(super) fn fail() -> Verdict {
    let comment = Some("应为负面".to_owned());
    Verdict { verdict: VerdictKind::Fail, reason: Some(Reason::WrongLabel), comment, ..pass() }
}

pub(super) fn fixed(value: &str) -> Verdict {
    Verdict { verdict: VerdictKind::Fixed, value: Some(mood(value)), ..pass() }
}

pub(super) fn decision(decision: DecisionKind) -> Decide {
    Decide { decision, reason: None }
}

/// A batch of everything labeled, opened whole.
pub(super) async fn opened(room: &Room, who: &Ctx) -> (BatchId, InspectionView) {
    let batch = room.batch().await;
    (batch.id, inspection::open(who, batch.id, Some(Plan::All)).await.unwrap())
}

/// Gives these verdicts to the sample, by key.
pub(super) async fn judge(who: &Ctx, view: &InspectionView, verdicts: &[(&str, Verdict)]) {
    for (key, verdict) in verdicts {
        let drawn = view.sample.iter().find(|sample| sample.key == *key).expect("drawn");
        inspection::judge(who, view.summary.id, drawn.item, verdict.clone()).await.unwrap();
    }
}
