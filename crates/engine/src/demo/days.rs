//! Three days of work before today, done through the use cases: labels, one inspected batch with an item sent back, and
//! a few labels left for the next batch.

use super::{picture, someone, text};
use crate::clock::Clock;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::{Engine, batch, claim, inspection};
use domain::annotation::{AnnotationValue, Reason, VerdictKind};
use domain::batch::{Decide, DecisionKind, NewBatch, Plan, Verdict};
use domain::claim::Submit;
use domain::id::ProjectId;
use serde_json::Value;

const MINUTE_MS: i64 = 60_000;
/// The line in which its annotator, the first one, misses an entity: what the reviewer sends back.
const SLIP: usize = 4;

/// Does the work of the three days before today.
pub(super) async fn work(engine: &Engine, texts: ProjectId, pictures: ProjectId) -> Result<()> {
    let today = engine.now().day();
    let morning = |days_ago: i32, hour: i64| Clock::at(today.plus(-days_ago).start().plus(hour * 60 * MINUTE_MS));

    // The day before yesterday but one: the first batch is labeled.
    for (username, count) in [("annotator1", 7), ("annotator2", 5)] {
        label(engine, morning(3, 9), username, texts, count, text_value).await?;
    }
    // The day after: it is inspected, and what failed goes back.
    let clock = morning(2, 9);
    let then = engine.at(clock.clone());
    let manager = again(&then, engine, "manager").await?;
    let made = batch::create(&manager, texts, NewBatch::default()).await?;
    let reviewer = again(&then, engine, "reviewer1").await?;
    let opened = inspection::open(&reviewer, made.id, Some(Plan::All)).await?;
    for drawn in &opened.sample {
        clock.advance(MINUTE_MS / 3);
        let failed = drawn.key == text::key(SLIP);
        let verdict = Verdict {
            verdict: if failed { VerdictKind::Fail } else { VerdictKind::Pass },
            reason: failed.then_some(Reason::Missing),
            comment: failed.then(|| "漏标了一个实体，请对照规范再看一遍。".to_owned()),
            value: None,
            annotations: Vec::new(),
        };
        inspection::judge(&reviewer, opened.summary.id, drawn.item, verdict).await?;
    }
    let decide = Decide { decision: DecisionKind::ReturnFailed, reason: None };
    inspection::decide(&reviewer, made.id, decide).await?;
    for (username, count) in [("annotator2", 4), ("annotator3", 6)] {
        label(engine, morning(2, 14), username, texts, count, text_value).await?;
    }

    // Yesterday: the first pictures.
    for (username, count) in [("annotator1", 2), ("annotator3", 1)] {
        label(engine, morning(1, 10), username, pictures, count, picture_value).await?;
    }
    label(engine, morning(1, 15), "annotator3", texts, 3, text_value).await
}

/// One person takes and submits one item after the other.
async fn label(
    engine: &Engine,
    clock: Clock,
    username: &str,
    project: ProjectId,
    count: i64,
    value: fn(&str) -> Option<AnnotationValue>,
) -> Result<()> {
    let ctx = again(&engine.at(clock.clone()), engine, username).await?;
    for n in 0..count {
        let taken = claim::take(&ctx, project, 1).await?;
        let Some(claim) = taken.claims.into_iter().next() else { return Ok(()) };
        let value = value(&claim.item.key).ok_or_else(|| anyhow::anyhow!("{} was made here", claim.item.key))?;
        let active_ms = 14_000 + n * 7_919 % 23_000;
        clock.advance(active_ms + 2_500);
        claim::submit(&ctx, claim.id, Submit { value, active_ms, schema_version: 1 }, None).await?;
    }
    Ok(())
}

/// Someone of the demo at another time.
async fn again(then: &Engine, engine: &Engine, username: &str) -> Result<Ctx> {
    let now = someone(engine, username).await?;
    Ok(then.ctx(now.actor().clone()))
}

fn text_value(key: &str) -> Option<AnnotationValue> {
    let n = key.strip_prefix("news-")?.parse::<usize>().ok()?.checked_sub(1)?;
    let mut value = text::sentence(n).value;
    if n == SLIP {
        value.get_mut("entities").and_then(Value::as_array_mut).and_then(Vec::pop)?;
    }
    Some(value)
}

fn picture_value(key: &str) -> Option<AnnotationValue> {
    (0..super::PICTURES).find(|n| picture::name(*n) == key).map(|n| picture::draw(n).1)
}
