//! A reviewer beside the annotators: gathers what is labeled, judges a sample, decides; failed work goes back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::Method;
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::board::one;
use super::line::{Ask, Line};
use super::person::{Project, Scene, asked};
use super::plan::think;

/// Items of a batch.
const SIZE: u32 = 50;
/// A verdict takes so long on average.
const VERDICT_SECONDS: f64 = 4.0;
/// One of so many items fails.
const FAIL_ONE_IN: u32 = 10;
/// Who finds nothing to review looks again after this.
const PAUSE: Duration = Duration::from_secs(5);

/// A reviewer of one project. Who reviews waits for the answers: their requests are due when they are sent.
#[derive(Debug)]
pub(crate) struct Reviewer {
    pub(crate) number: usize,
    pub(crate) token: String,
    pub(crate) line: Arc<Line>,
    pub(crate) project: Arc<Project>,
    pub(crate) rng: StdRng,
    pub(crate) scene: Arc<Scene>,
}

impl Reviewer {
    pub(crate) async fn work(mut self) -> anyhow::Result<()> {
        while Instant::now() < self.scene.end {
            let path = format!("/projects/{}/batches", self.project.id);
            let ask = Ask::new(Method::POST, path, &self.token).json(&json!({ "size": SIZE }));
            // That nothing is labeled yet is no fault.
            let (status, body) = self.line.ask(&ask).await?;
            if status == 409 {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            let batch: Value = serde_json::from_slice(&body)?;
            let Some(batch) = batch.get("id").and_then(Value::as_str).filter(|_| status == 201) else {
                self.scene.board.refused(|| format!("batch: {status} {batch}"));
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            self.inspect(batch).await?;
        }
        Ok(())
    }

    async fn inspect(&mut self, batch: &str) -> anyhow::Result<()> {
        let path = format!("/batches/{batch}/inspections");
        let plan = json!({ "plan": { "kind": "rate", "rate": 0.2 } });
        let opened = self.ask("inspect", Method::POST, path, Some(&plan)).await?;
        let Some(inspection) = opened.get("id").and_then(Value::as_str) else { return Ok(()) };
        let mut fails = 0_u32;
        for drawn in opened.get("sample").and_then(Value::as_array).into_iter().flatten() {
            let Some(item) = drawn.get("item").and_then(Value::as_str) else { continue };
            self.ask("look", Method::GET, format!("/inspections/{inspection}/items/{item}"), None).await?;
            tokio::time::sleep(think(&mut self.rng, VERDICT_SECONDS / self.scene.pace)).await;
            let fail = self.rng.random_range(0..FAIL_ONE_IN) == 0;
            let verdict = match fail {
                true => json!({ "verdict": "fail", "reason": "missing", "comment": "还缺一处" }),
                false => json!({ "verdict": "pass" }),
            };
            fails += u32::from(fail);
            self.ask("judge", Method::PUT, format!("/inspections/{inspection}/verdicts/{item}"), Some(&verdict))
                .await?;
            one(&self.scene.board.counts.verdicts);
        }
        let decision = json!({ "decision": if fails > 0 { "return_failed" } else { "accept" } });
        self.ask("decide", Method::POST, format!("/batches/{batch}/decision"), Some(&decision)).await?;
        one(&self.scene.board.counts.batches);
        Ok(())
    }

    async fn ask(
        &self,
        operation: &'static str,
        method: Method,
        path: String,
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        let mut ask = Ask::new(method, path, &self.token);
        if let Some(body) = body {
            ask = ask.json(body);
        }
        let (_, body) = asked(&self.line, &self.scene.board, self.number, operation, Instant::now(), ask).await?;
        Ok(if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? })
    }
}
