//! One scripted annotator: takes items ahead, keeps drafts, renews, skips now and then, submits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::bail;
use serde_json::{Value, json};

use crate::api::{Answer, Api, text};
use crate::figures::Figures;
use crate::pulse::Pulse;

/// Nobody waits longer for an answer to one request.
const PATIENCE: Duration = Duration::from_secs(180);

/// How a person works.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    /// Items taken at a time.
    pub(crate) prefetch: u32,
    /// The pause before each submit.
    pub(crate) think: Duration,
    /// One of so many items is skipped.
    pub(crate) skip_one_in: u32,
    /// The server may go away: then every request is repeated after this pause until it is answered by more than "try
    /// again".
    pub(crate) persistent: Option<Duration>,
}

/// An acknowledged label.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) annotation: String,
    /// When the answer came.
    pub(crate) at: Instant,
}

/// What a person did, as the server acknowledged it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    pub(crate) figures: Figures,
    /// Every acknowledged submit.
    pub(crate) submitted: Vec<Label>,
    pub(crate) skipped: u64,
    /// Submits that were not answered and were sent again under their key.
    pub(crate) repeated: u64,
    /// Requests that were not answered, or by "try again", each sending of one counted.
    pub(crate) failed: u64,
    /// Calls that found nothing to do.
    pub(crate) idle: u64,
    /// The first refusals, for the report.
    pub(crate) refusals: Vec<String>,
}

/// A person at work.
#[derive(Debug)]
pub(crate) struct Worker<'a> {
    pub(crate) api: Api,
    pub(crate) project: String,
    pub(crate) schema_version: u64,
    pub(crate) habits: Habits,
    pub(crate) stop: &'a AtomicBool,
    pub(crate) pulse: &'a Pulse,
}

impl Worker<'_> {
    /// Works until told to stop. What was begun is brought to its end.
    pub(crate) async fn work(self) -> anyhow::Result<Done> {
        let mut done = Done::default();
        while !self.stop.load(Ordering::Relaxed) {
            self.round(&mut done).await?;
        }
        Ok(done)
    }

    /// Takes work and submits it, twice.
    pub(crate) async fn two(self) -> anyhow::Result<Done> {
        let mut done = Done::default();
        for _ in 0..2 {
            self.round(&mut done).await?;
        }
        Ok(done)
    }

    async fn round(&self, done: &mut Done) -> anyhow::Result<()> {
        let path = format!("/projects/{}/claims", self.project);
        let body = json!({ "count": self.habits.prefetch });
        let answer = self.ask(done, "claim", async || self.api.post(&path, &body).await).await?;
        let claims = answer.body.get("claims").and_then(Value::as_array).cloned().unwrap_or_default();
        if claims.is_empty() {
            done.idle += 1;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for claim in &claims {
            self.label(done, claim, &claims).await?;
        }
        Ok(())
    }

    async fn label(&self, done: &mut Done, claim: &Value, held: &[Value]) -> anyhow::Result<()> {
        let id = text(claim, "id")?;
        let value = json!({ "mood": [if rand::random::<bool>() { "pos" } else { "neg" }] });
        let body = json!({ "value": value, "active_ms": 10, "sequence": 1 });
        let path = format!("/claims/{id}/draft");
        self.ask(done, "draft", async || self.api.put(&path, &body).await).await?;
        if rand::random_range(0..4) == 0 {
            let ids: Vec<&Value> = held.iter().filter_map(|claim| claim.get("id")).collect();
            let body = json!({ "ids": ids });
            self.ask(done, "renew", async || self.api.post("/claims/renew", &body).await).await?;
        }
        if !self.habits.think.is_zero() {
            tokio::time::sleep(self.habits.think).await;
        }
        if self.habits.skip_one_in > 0 && rand::random_range(0..self.habits.skip_one_in) == 0 {
            let body = json!({ "reason": "unsure" });
            let path = format!("/claims/{id}/skip");
            let answer = self.ask(done, "skip", async || self.api.post(&path, &body).await).await?;
            done.skipped += u64::from(answer.status == 204);
            return Ok(());
        }
        let body = json!({ "value": value, "active_ms": 20, "schema_version": self.schema_version });
        let path = format!("/claims/{id}/submit");
        let answer = self.ask(done, "submit", async || self.api.post_once(&path, id, &body).await).await?;
        done.repeated += u64::from(answer.status == 200);
        if let Some(annotation) = answer.body.get("annotation") {
            done.submitted.push(Label { annotation: text(annotation, "id")?.to_owned(), at: Instant::now() });
        }
        Ok(())
    }

    /// One request with its time. While the server may be away it is repeated until it is answered; only answers count.
    async fn ask(
        &self,
        done: &mut Done,
        operation: &'static str,
        send: impl AsyncFn() -> anyhow::Result<Answer>,
    ) -> anyhow::Result<Answer> {
        let first = Instant::now();
        loop {
            let begun = Instant::now();
            let answer = send().await;
            // 502 and 504 are a proxy's.
            let again = answer.as_ref().map_or(true, |answer| matches!(answer.status, 429 | 502..=504));
            match (answer, self.habits.persistent) {
                (_, Some(pause)) if again => {
                    done.failed += 1;
                    self.pulse.failed();
                    if first.elapsed() > PATIENCE {
                        bail!("{operation}: not answered within {} s", PATIENCE.as_secs());
                    }
                    tokio::time::sleep(pause).await;
                }
                (Err(error), _) => return Err(error.context(operation)),
                (Ok(answer), _) => {
                    self.pulse.answered();
                    let success = (200..300).contains(&answer.status);
                    done.figures.add(operation, begun.elapsed(), success)?;
                    if !success && done.refusals.len() < 10 {
                        done.refusals.push(format!("{operation}: {} {}", answer.status, answer.body));
                    }
                    return Ok(answer);
                }
            }
        }
    }
}
