//! One annotator of a shift, as the workbench behaves: three items ahead, drafts, a heartbeat each five minutes, submits.
//!
//! The plan of a person never waits for the server: the next label is due its think time after the last one was due.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::Method;
use rand::RngExt;
use rand::rngs::StdRng;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::board::{Board, later, one, until};
use super::line::{Ask, Line};
use super::plan::{Kind, think};

/// Items in hand, the one on the screen among them.
const PREFETCH: u32 = 3;
/// The workbench's heartbeat.
const RENEW: Duration = Duration::from_secs(300);
/// Between a submit and asking for the next item to have ahead.
const REFILL: Duration = Duration::from_millis(200);
/// Who has nothing asks again after this.
const IDLE: Duration = Duration::from_secs(30);
/// A request that broke is sent again so often.
const TRIES: u32 = 10;
/// After which who was told to come again does so.
const AGAIN: Duration = Duration::from_secs(2);

/// A project of the shift.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) schema_version: u32,
    /// Acknowledged annotations.
    pub(crate) acknowledged: Mutex<Vec<String>>,
}

/// What everybody shares.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) board: Board,
    /// Nothing is planned beyond this.
    pub(crate) end: Instant,
    /// Nothing is sent beyond this.
    pub(crate) stop: Instant,
    /// Think times are divided by this.
    pub(crate) pace: f64,
    pub(crate) skip_one_in: u32,
}

#[derive(Debug, Deserialize)]
struct Claims {
    claims: Vec<Claim>,
}

#[derive(Debug, Deserialize)]
struct Claim {
    id: String,
    item: Item,
    #[serde(default)]
    rework: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct Item {
    data: Data,
}

#[derive(Debug, Deserialize)]
struct Data {
    #[serde(default)]
    text: String,
}

#[derive(Debug, Deserialize)]
struct Submitted {
    annotation: Kept,
}

#[derive(Debug, Deserialize)]
struct Kept {
    id: String,
}

/// An annotator.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) number: usize,
    pub(crate) token: String,
    pub(crate) line: Arc<Line>,
    pub(crate) project: Arc<Project>,
    pub(crate) rng: StdRng,
    pub(crate) scene: Arc<Scene>,
}

impl Person {
    /// Works from their arrival to the end of the shift.
    pub(crate) async fn work(mut self, arrival: Instant) -> anyhow::Result<()> {
        let scene = Arc::clone(&self.scene);
        let mut held: VecDeque<Claim> = VecDeque::new();
        let mut at = arrival;
        // Heartbeats of people who came together do not come together.
        let mut beat = later(at, RENEW.mul_f64(self.rng.random_range(0.0..1.0)));
        if at > scene.end {
            return Ok(());
        }
        until(at).await;
        self.ask("open", at, Ask::new(Method::GET, "/me".to_owned(), &self.token)).await?;
        let project = format!("/projects/{}", self.project.id);
        self.ask("open", at, Ask::new(Method::GET, project, &self.token)).await?;
        self.claim(at, &mut held).await?;
        loop {
            let Some(claim) = held.pop_front() else {
                one(&scene.board.counts.idle);
                at = later(at, IDLE);
                if at > scene.end {
                    return Ok(());
                }
                until(at).await;
                self.claim(at, &mut held).await?;
                continue;
            };
            let time = think(&mut self.rng, self.project.kind.mean() / scene.pace);
            let due = later(at, time);
            if due > scene.end {
                return Ok(());
            }
            if scene.board.is_steady(due) {
                one(&scene.board.counts.planned);
            }
            if Instant::now() > scene.stop {
                one(&scene.board.counts.unsent);
                held.push_front(claim);
                at = due;
                continue;
            }
            let drafts = self.project.kind.drafts();
            for n in 1..=drafts {
                let share = f64::from(n) / f64::from(drafts + 1);
                let moment = later(at, time.mul_f64(share));
                until(moment).await;
                self.draft(moment, &claim, n, share).await?;
            }
            until(due).await;
            if due >= beat {
                beat = later(beat, RENEW);
                let ids: Vec<&str> = held.iter().chain([&claim]).map(|claim| claim.id.as_str()).collect();
                let ask = Ask::new(Method::POST, "/claims/renew".to_owned(), &self.token);
                self.ask("renew", due, ask.json(&json!({ "ids": ids }))).await?;
            }
            if scene.skip_one_in > 0 && claim.rework.is_none() && self.rng.random_range(0..scene.skip_one_in) == 0 {
                let ask = Ask::new(Method::POST, format!("/claims/{}/skip", claim.id), &self.token);
                if self.ask("skip", due, ask.json(&json!({ "reason": "unsure" }))).await?.0 == 204 {
                    one(&scene.board.counts.skips);
                }
            } else {
                self.submit(due, &claim, time).await?;
            }
            let moment = later(due, REFILL);
            until(moment).await;
            self.claim(moment, &mut held).await?;
            at = due;
        }
    }

    async fn claim(&mut self, due: Instant, held: &mut VecDeque<Claim>) -> anyhow::Result<()> {
        let ask = Ask::new(Method::POST, format!("/projects/{}/claims", self.project.id), &self.token);
        let (status, body) = self.ask("claim", due, ask.json(&json!({ "count": PREFETCH }))).await?;
        if status == 200 {
            // What is in hand already comes along again.
            let claims: Claims = serde_json::from_slice(&body)?;
            held.extend(claims.claims);
            let mut seen = std::collections::HashSet::new();
            held.retain(|claim| seen.insert(claim.id.clone()));
        }
        Ok(())
    }

    async fn draft(&mut self, due: Instant, claim: &Claim, sequence: u32, share: f64) -> anyhow::Result<()> {
        let value = self.project.kind.value(&mut self.rng, &claim.item.data.text, share);
        let ask = Ask::new(Method::PUT, format!("/claims/{}/draft", claim.id), &self.token);
        self.ask("draft", due, ask.json(&json!({ "value": value, "active_ms": 3_000, "sequence": sequence }))).await?;
        Ok(())
    }

    async fn submit(&mut self, due: Instant, claim: &Claim, time: Duration) -> anyhow::Result<()> {
        let value = self.project.kind.value(&mut self.rng, &claim.item.data.text, 1.0);
        let active_ms = u64::try_from(time.as_millis())?;
        let body = json!({ "value": value, "active_ms": active_ms, "schema_version": self.project.schema_version });
        let mut ask = Ask::new(Method::POST, format!("/claims/{}/submit", claim.id), &self.token).json(&body);
        ask.key = Some(&claim.id);
        let (status, body) = self.ask("submit", due, ask).await?;
        if matches!(status, 200 | 201) {
            let submitted: Submitted = serde_json::from_slice(&body)?;
            let counts = &self.scene.board.counts;
            if self.scene.board.is_steady(due) {
                one(&counts.labels);
            }
            if claim.rework.is_some() {
                one(&counts.reworks);
            }
            let mut acknowledged = self.project.acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
            acknowledged.push(submitted.annotation.id);
        }
        Ok(())
    }

    async fn ask(&self, operation: &'static str, due: Instant, ask: Ask<'_>) -> anyhow::Result<(u16, Bytes)> {
        asked(&self.line, &self.scene.board, self.number, operation, due, ask).await
    }
}

/// Sends a request until it is answered, and writes the answer down.
pub(crate) async fn asked(
    line: &Line,
    board: &Board,
    who: usize,
    operation: &'static str,
    due: Instant,
    ask: Ask<'_>,
) -> anyhow::Result<(u16, Bytes)> {
    let sent = Instant::now();
    let mut tries = 0;
    loop {
        match line.ask(&ask).await {
            Ok((503, body)) if tries < TRIES => {
                // As the workbench does: the server said when to come again.
                one(&board.counts.repeated);
                tries += 1;
                board.refused(|| format!("{operation}: 503 {}", String::from_utf8_lossy(&body)));
                tokio::time::sleep(AGAIN).await;
            }
            Ok((status, body)) => {
                let success = (200..300).contains(&status);
                board.add(who, operation, due, sent, success)?;
                if !success {
                    board.refused(|| format!("{operation}: {status} {}", String::from_utf8_lossy(&body)));
                }
                return Ok((status, body));
            }
            Err(error) => {
                one(&board.counts.repeated);
                tries += 1;
                if tries >= TRIES {
                    return Err(error.context(operation));
                }
                board.refused(|| format!("{operation}: {error:#}"));
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}
