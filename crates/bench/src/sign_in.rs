//! `terrace-bench sign-in`: a morning's sign-ins with user name and password, at the full cost of Argon2id.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::Args;
use engine::testing::bulk;
use serde_json::json;

use crate::api::Api;
use crate::database::Database;
use crate::figures::Figures;
use crate::process::{OPERATOR, Process};
use crate::say;
use crate::shift::{PASSWORD, firms, people};
use crate::watch::Watch;

#[derive(Debug, Args)]
pub(crate) struct SignIn {
    /// Start this binary over a folder of its own and drive that.
    #[arg(long, value_name = "BINARY")]
    terrace: PathBuf,
    /// The database under it.
    #[arg(long, value_enum, default_value_t)]
    database: Database,
    /// Sign-ins in ten minutes.
    #[arg(long, default_value_t = 20_000)]
    in_ten_minutes: u32,
    /// How much of the ten minutes is measured, seconds.
    #[arg(long, default_value_t = 600)]
    seconds: u32,
    /// Write the figures to this file as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Put the server's data folder into this folder [default: the system's temporary one].
    #[arg(long)]
    folder: Option<PathBuf>,
}

impl SignIn {
    /// Runs it; false when somebody did not get in.
    pub(crate) async fn run(self) -> anyhow::Result<bool> {
        let mut process = Process::prepare(&self.terrace, self.folder.as_deref(), self.database).await?;
        let engine = process.engine().await?;
        let said = |error: engine::Error| anyhow::anyhow!("{error:?}");
        let boss = bulk::operator(&engine, OPERATOR.0).await.map_err(said)?;
        let firms = firms(&boss).await?;
        let count = u64::from(self.in_ten_minutes) * u64::from(self.seconds) / 600;
        let accounts = people(&engine, &firms, u32::try_from(count)?, 1).await?;
        engine.close().await;
        drop((engine, boss));
        process.resume().await?;

        let api = Api::new(&process.base())?;
        let figures = Arc::new(Mutex::new(Figures::default()));
        let watch = Watch { server: process.id(), cluster: process.cluster() };
        let before = watch.used()?;
        let begin = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        let mut memory = 0;
        for (n, account) in accounts.into_iter().enumerate() {
            // Everybody comes at their time, however long those before them still wait.
            let due = begin + Duration::from_secs(600) * u32::try_from(n)? / self.in_ten_minutes;
            tokio::time::sleep_until(due.into()).await;
            if n % 100 == 0 {
                memory = memory.max(watch.memory()?.0);
            }
            let (api, figures) = (api.clone(), Arc::clone(&figures));
            tasks.spawn(async move {
                let body = json!({ "username": account.username, "password": PASSWORD });
                let answer = api.post("/tokens", &body).await;
                let success = answer.is_ok_and(|answer| answer.status == 201);
                let mut figures = figures.lock().unwrap_or_else(PoisonError::into_inner);
                figures.add("sign-in", due.elapsed(), success)
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        let (seconds, used) = (begin.elapsed().as_secs_f64(), watch.used()?.since(before));
        let figures = std::mem::take(&mut *figures.lock().unwrap_or_else(PoisonError::into_inner));
        say(figures.table(seconds));
        say(format!(
            "processors used: server {:.2}, database {:.2}, this bench {:.2}; memory of the server at most {memory} MiB",
            used.server / seconds,
            used.database / seconds,
            used.bench / seconds
        ));
        process.stop().await?;
        if let Some(path) = &self.json {
            let report = json!({
                "seconds": seconds, "operations": figures.json(), "memory_mib": memory,
                "processors": { "server": used.server / seconds, "database": used.database / seconds,
                                "bench": used.bench / seconds },
            });
            tokio::fs::write(path, serde_json::to_vec_pretty(&report)?).await?;
        }
        Ok(figures.errors() == 0)
    }
}
