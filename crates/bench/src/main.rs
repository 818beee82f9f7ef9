//! Load on a running server, through its public API only, and what came of it.
//!
//! `load`: many people label at once; latencies by operation, labels a second, and afterwards the proof that everything
//! acknowledged is stored and no item has more annotations than it wants. `kill`: the same load while the server is
//! killed at random moments and started again; afterwards its own audit, and the same proof. It never touches a
//! database, and starts a server only when told where its binary is.

mod api;
mod database;
mod figures;
mod kill;
mod load;
mod process;
mod proof;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Drives a Terrace server with scripted people.
#[derive(Debug, Parser)]
#[command(name = "terrace-bench")]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Many people label at once; tells latencies and checks what is stored.
    Load(load::Load),
    /// The same while the server is killed again and again; then audits what is left.
    Kill(kill::Kill),
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let passed = match Command::parse().verb {
        Verb::Load(load) => load.run().await?,
        Verb::Kill(kill) => kill.run().await?,
    };
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line for whoever runs the bench.
#[expect(clippy::print_stdout, reason = "what the program is for")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}
