//! `terrace check`: the audit of every rule.

use std::process::ExitCode;

use super::{complain, open, say, sentence};
use crate::config::Settings;

pub(super) async fn run(settings: &Settings) -> Result<ExitCode, String> {
    let engine = open(settings).await?;
    let report = engine::check::run(&engine).await;
    engine.close().await;
    let report = report.map_err(sentence)?;
    for (what, number) in &report.counted {
        say(format!("{number:>12}  {what}"));
    }
    if report.breaches.is_empty() {
        say("No rule is broken.");
        return Ok(ExitCode::SUCCESS);
    }
    for breach in &report.breaches {
        complain(breach);
    }
    complain(format!("{} rules are broken.", report.breaches.len()));
    Ok(ExitCode::FAILURE)
}
