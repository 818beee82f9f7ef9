//! `terrace-bench load`: many people at once.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::api::{Api, text};
use crate::database::Database;
use crate::process::{OPERATOR, Process};
use crate::proof::prove;
use crate::pulse::Pulse;
use crate::say;
use crate::worker::{Done, Habits, Label, Worker};

#[derive(Debug, Args)]
pub(crate) struct Load {
    /// Start this binary over a folder of its own and drive that.
    #[arg(long, value_name = "BINARY", required_unless_present = "url")]
    terrace: Option<PathBuf>,
    /// The database under it.
    #[arg(long, value_enum, default_value_t, conflicts_with = "url")]
    database: Database,
    /// Drive the server at this address.
    #[arg(long, conflicts_with = "terrace", requires = "password")]
    url: Option<String>,
    /// An operator of that server.
    #[arg(long, default_value = "bench")]
    username: String,
    /// The operator's password.
    #[arg(long, env = "TERRACE_BENCH_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// People at work.
    #[arg(long, default_value_t = 16)]
    people: u32,
    /// How long.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Items imported beforehand.
    #[arg(long, default_value_t = 100_000)]
    items: u32,
    /// Annotations that each item wants.
    #[arg(long, default_value_t = 2)]
    overlap: u64,
    /// Items taken at a time.
    #[arg(long, default_value_t = 3)]
    prefetch: u32,
    /// The pause before each submit, milliseconds.
    #[arg(long, default_value_t = 0)]
    think_ms: u64,
    /// Write the figures to this file as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Put the server's data folder into this folder [default: the system's temporary one].
    #[arg(long)]
    folder: Option<PathBuf>,
}

impl Load {
    /// Runs it; false when a check failed.
    pub(crate) async fn run(self) -> anyhow::Result<bool> {
        let mut process = match &self.terrace {
            Some(binary) => Some(Process::start(binary, self.folder.as_deref(), self.database).await?),
            None => None,
        };
        let (base, username, password) = match (&process, &self.url, &self.password) {
            (Some(process), ..) => (process.base(), OPERATOR.0, OPERATOR.1),
            (None, Some(url), Some(password)) => (url.clone(), self.username.as_str(), password.as_str()),
            _ => bail!("say which server: --terrace or --url"),
        };
        let operator = Api::new(&base)?.sign_in(username, password).await?;
        let place = Place::prepare(&operator, &base, self.people, self.items, self.overlap).await?;
        say(format!("{} people label {} items at {base} for {} s", self.people, self.items, self.seconds));

        let habits = Habits {
            prefetch: self.prefetch,
            think: Duration::from_millis(self.think_ms),
            skip_one_in: 50,
            persistent: None,
        };
        let (stop, pulse) = (AtomicBool::new(false), Pulse::new());
        let begun = Instant::now();
        let timer = async {
            tokio::time::sleep(Duration::from_secs(self.seconds)).await;
            stop.store(true, Ordering::Relaxed);
            Ok(())
        };
        let (done, ()) = tokio::try_join!(place.work(habits, &stop, &pulse), timer)?;
        let seconds = begun.elapsed().as_secs_f64();

        let labels = done.submitted.len();
        say(done.figures.table(seconds));
        say(format!(
            "{labels} labels, {:.1} a second; {} skips; {} calls found nothing; {} errors",
            labels as f64 / seconds,
            done.skipped,
            done.idle,
            done.figures.errors()
        ));
        for refusal in &done.refusals {
            say(refusal);
        }
        let acknowledged: HashSet<String> = done.submitted.into_iter().map(|label| label.annotation).collect();
        let proof = prove(&operator, &place.project, self.overlap, &acknowledged).await?;
        say(proof.sentence());
        let mut holds = proof.holds() && proof.unacknowledged == 0 && done.figures.errors() == 0;
        let mut audit = Value::Null;
        if let Some(process) = &mut process {
            process.stop().await?;
            let (clean, said) = process.check().await?;
            say(said.trim_end());
            audit = json!(clean);
            holds &= clean;
        }
        if let Some(path) = &self.json {
            let report = json!({
                "people": self.people, "seconds": seconds, "labels": labels,
                "labels_a_second": labels as f64 / seconds, "skips": done.skipped, "idle": done.idle,
                "operations": done.figures.json(), "proof": proof.json(), "audit": audit, "passed": holds,
            });
            tokio::fs::write(path, serde_json::to_vec_pretty(&report)?).await?;
        }
        say(if holds { "passed" } else { "FAILED" });
        Ok(holds)
    }
}

/// A project with its people, ready for work.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) project: String,
    schema_version: u64,
    people: Vec<Api>,
}

impl Place {
    /// Makes the project, the items and the people.
    pub(crate) async fn prepare(
        operator: &Api,
        base: &str,
        people: u32,
        items: u32,
        overlap: u64,
    ) -> anyhow::Result<Self> {
        let run = format!("{:08x}", rand::random::<u32>());
        let schema = json!({ "controls": [
            { "id": "mood", "kind": "choice", "required": true, "options": [{ "id": "pos" }, { "id": "neg" }] },
        ] });
        let body = json!({
            "name": format!("bench {run}"), "modality": "text", "schema": schema, "settings": { "overlap": overlap },
        });
        let made = operator.post("/projects", &body).await?.success().context("project")?;
        let project = text(&made, "id")?.to_owned();
        if text(&made, "status")? != "open" {
            operator.patch(&format!("/projects/{project}"), &json!({ "status": "open" })).await?.success()?;
        }
        let schema_version = made.get("schema_version").and_then(Value::as_u64).context("no schema version")?;

        let lines: String = (0..items)
            .map(|n| {
                format!("{{\"id\":\"{n:07}\",\"text\":\"第{n}条：今天的天气在贵阳很好，我们去花溪公园走了一圈。\"}}\n")
            })
            .collect();
        let path = format!("/projects/{project}/imports?format=jsonl&name=bench.jsonl");
        let queued = operator.upload(&path, lines.into_bytes()).await?.success().context("import")?;
        let path = format!("/imports/{}", text(&queued, "id")?);
        loop {
            let import = operator.get(&path).await?.success()?;
            match text(&import, "state")? {
                "done" => break,
                "failed" => bail!("the import failed: {import}"),
                _ => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }

        let mut callers = Vec::new();
        for n in 0..people {
            let (username, password) = (format!("bench-{run}-{n}"), format!("password of {run} {n}"));
            let person = json!({ "username": username, "name": username, "password": password });
            operator.post("/people", &person).await?.success().context("person")?;
            let path = format!("/projects/{project}/members/{username}");
            operator.put(&path, &json!({ "role": "annotator" })).await?.success().context("member")?;
            callers.push(operator.anew(base)?.sign_in(&username, &password).await?);
        }
        Ok(Self { project, schema_version, people: callers })
    }

    /// Everybody works until told to stop.
    pub(crate) async fn work(&self, habits: Habits, stop: &AtomicBool, pulse: &Pulse) -> anyhow::Result<Done> {
        let work = self.people.iter().map(|api| {
            let worker = Worker {
                api: api.clone(),
                project: self.project.clone(),
                schema_version: self.schema_version,
                habits,
                stop,
                pulse,
            };
            worker.work()
        });
        let mut all = Done::default();
        for done in futures::future::try_join_all(work).await? {
            all.figures.merge(done.figures)?;
            all.submitted.extend(done.submitted);
            all.skipped += done.skipped;
            all.repeated += done.repeated;
            all.failed += done.failed;
            all.idle += done.idle;
            all.refusals.extend(done.refusals);
        }
        all.refusals.truncate(10);
        Ok(all)
    }
    /// Each person takes a piece of work and submits it, twice over; gives how many could not, and the labels.
    pub(crate) async fn stuck(&self) -> anyhow::Result<(u64, Vec<Label>)> {
        let habits = Habits { prefetch: 1, think: Duration::ZERO, skip_one_in: 0, persistent: None };
        let (stop, pulse) = (AtomicBool::new(false), Pulse::new());
        let (mut stuck, mut labels) = (0, Vec::new());
        for api in &self.people {
            let worker = Worker {
                api: api.clone(),
                project: self.project.clone(),
                schema_version: self.schema_version,
                habits,
                stop: &stop,
                pulse: &pulse,
            };
            let done = tokio::time::timeout(Duration::from_secs(20), worker.two()).await;
            match done {
                Ok(Ok(done)) if done.submitted.len() == 2 => labels.extend(done.submitted),
                Ok(Ok(done)) => {
                    stuck += 1;
                    say(format!("a person is stuck: {:?}", done.refusals));
                    labels.extend(done.submitted);
                }
                Ok(Err(error)) => {
                    stuck += 1;
                    say(format!("a person is stuck: {error:#}"));
                }
                Err(_) => {
                    stuck += 1;
                    say("a person is stuck: no answer within 20 s");
                }
            }
        }
        Ok((stuck, labels))
    }
}
