//! `terrace-bench kill`: the server is killed at random moments of the load, and started again.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::api::Api;
use crate::database::Database;
use crate::load::Place;
use crate::process::{OPERATOR, Process};
use crate::proof::prove;
use crate::pulse::Pulse;
use crate::say;
use crate::worker::Habits;

#[derive(Debug, Args)]
pub(crate) struct Kill {
    /// The binary to start and kill.
    #[arg(long, value_name = "BINARY")]
    terrace: PathBuf,
    /// The database under it.
    #[arg(long, value_enum, default_value_t)]
    database: Database,
    /// How often.
    #[arg(long, default_value_t = 20)]
    times: u32,
    /// People at work.
    #[arg(long, default_value_t = 16)]
    people: u32,
    /// Items imported beforehand.
    #[arg(long, default_value_t = 50_000)]
    items: u32,
    /// Annotations that each item wants.
    #[arg(long, default_value_t = 2)]
    overlap: u64,
    /// The longest time between a start and the next kill, milliseconds.
    #[arg(long, default_value_t = 2_000)]
    within_ms: u64,
    /// Write the figures to this file as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Put the server's data folder into this folder [default: the system's temporary one].
    #[arg(long)]
    folder: Option<PathBuf>,
}

impl Kill {
    /// Runs it; false when a check failed.
    pub(crate) async fn run(self) -> anyhow::Result<bool> {
        let mut process = Process::start(&self.terrace, self.folder.as_deref(), self.database).await?;
        let base = process.base();
        let operator = Api::new(&base)?.sign_in(OPERATOR.0, OPERATOR.1).await?;
        let place = Place::prepare(&operator, &base, self.people, self.items, self.overlap).await?;
        let habits =
            Habits { prefetch: 3, think: Duration::ZERO, skip_one_in: 50, persistent: Some(Duration::from_millis(30)) };
        let (stop, pulse) = (AtomicBool::new(false), Pulse::new());
        let killing = async {
            for n in 1..=self.times {
                let pause = rand::random_range(100..=self.within_ms.max(101));
                tokio::time::sleep(Duration::from_millis(pause)).await;
                process.kill().await?;
                say(format!("killed {n} of {} after {pause} ms", self.times));
                process.resume().await?;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
            stop.store(true, Ordering::Relaxed);
            Ok(())
        };
        let (done, ()) = tokio::try_join!(place.work(habits, &stop, &pulse), killing)?;

        let labels = done.submitted.len();
        let acknowledged: HashSet<String> = done.submitted.into_iter().map(|label| label.annotation).collect();
        say(format!(
            "{labels} labels acknowledged, {} of them at the second asking; {} refusals",
            done.repeated,
            done.figures.errors()
        ));
        for refusal in &done.refusals {
            say(refusal);
        }
        process.stop().await?;
        let (clean, said) = process.check().await?;
        say(said.trim_end());
        process.resume().await?;
        let operator = Api::new(&base)?.sign_in(OPERATOR.0, OPERATOR.1).await?;
        let proof = prove(&operator, &place.project, self.overlap, &acknowledged).await?;
        say(proof.sentence());
        process.stop().await?;
        // Every submit was repeated until it was answered: nothing may be stored that nobody was told of.
        let holds = clean && proof.holds() && proof.unacknowledged == 0 && labels == acknowledged.len();
        if let Some(path) = &self.json {
            let report = json!({
                "kills": self.times, "people": self.people, "labels": labels, "repeated": done.repeated,
                "refusals": done.figures.errors(), "audit": clean, "proof": proof.json(), "passed": holds,
            });
            tokio::fs::write(path, serde_json::to_vec_pretty(&report)?).await?;
        }
        say(if holds { "passed" } else { "FAILED" });
        Ok(holds)
    }
}
