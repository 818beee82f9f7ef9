//! One scripted annotator: takes items ahead, keeps drafts, renews, skips now and then, submits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::{Answer, Api, text};
use crate::figures::Figures;

/// How a person works.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    /// Items taken at a time.
    pub(crate) prefetch: u32,
    /// The pause before each submit.
    pub(crate) think: Duration,
    /// One of so many items is skipped.
    pub(crate) skip_one_in: u32,
    /// The server may go away: then every request is repeated until it is answered.
    pub(crate) persistent: bool,
}

/// What a person did, as the server acknowledged it.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) figures: Figures,
    /// Annotation and item of every acknowledged submit.
    pub(crate) submitted: Vec<(String, String)>,
    pub(crate) skipped: u64,
    /// Submits that were not answered and were sent again under their key.
    pub(crate) repeated: u64,
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
}

impl Worker<'_> {
    /// Works until told to stop. What was begun is brought to its end.
    pub(crate) async fn work(self) -> anyhow::Result<Done> {
        let mut done = Done::default();
        while !self.stop.load(Ordering::Relaxed) {
            let path = format!("/projects/{}/claims", self.project);
            let body = json!({ "count": self.habits.prefetch });
            let answer = self.ask(&mut done, "claim", async || self.api.post(&path, &body).await).await?;
            let claims = answer.body.get("claims").and_then(Value::as_array).cloned().unwrap_or_default();
            if claims.is_empty() {
                done.idle += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            for claim in &claims {
                self.label(&mut done, claim, &claims).await?;
            }
        }
        Ok(done)
    }

    async fn label(&self, done: &mut Done, claim: &Value, held: &[Value]) -> anyhow::Result<()> {
        let id = text(claim, "id")?;
        let item = text(claim.get("item").unwrap_or(&Value::Null), "id")?;
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
            done.submitted.push((text(annotation, "id")?.to_owned(), item.to_owned()));
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
        loop {
            let begun = Instant::now();
            match send().await {
                Ok(answer) => {
                    let success = (200..300).contains(&answer.status);
                    done.figures.add(operation, begun.elapsed(), success)?;
                    if !success && done.refusals.len() < 10 {
                        done.refusals.push(format!("{operation}: {} {}", answer.status, answer.body));
                    }
                    return Ok(answer);
                }
                Err(_) if self.habits.persistent => tokio::time::sleep(Duration::from_millis(30)).await,
                Err(error) => return Err(error.context(operation)),
            }
        }
    }
}
