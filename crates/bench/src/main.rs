//! Load on a running server, through its public API only, and what came of it.
//!
//! `load`: many people label at once; latencies by operation, labels a second, and afterwards the proof that everything
//! acknowledged is stored and no item has more annotations than it wants. `kill`: the same load while the server is
//! killed at random moments and started again; afterwards its own audit, and the same proof. `chaos`: the same for
//! every other fault: a database killed or failed over, a full disk, a bad line. `shift`: thousands of people at
//! the pace of people, open loop. `sign-in`: a morning's passwords. These drive a server over HTTP, and start one only when
//! told where its binary is, as does `rates`: what comes in and goes out by files. `flat` and `count` run the engine in this process: what deeds cost as a project grows. `pyramid`
//! cuts one large image into tiles.
//!
//! It writes rows only before anything is measured, through `engine::testing::bulk`, and never while a server runs.

mod api;
mod chaos;
mod database;
mod figures;
mod flat;
mod kill;
mod load;
mod node;
mod process;
mod proof;
mod pulse;
mod pyramid;
mod rates;
mod shift;
mod sign_in;
mod watch;
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
    /// One thing after another is broken under load; then audits what is left.
    Chaos(chaos::Chaos),
    /// Thousands of people at the pace of people, whether the server keeps up or not.
    Shift(shift::Shift),
    /// A morning's sign-ins with user name and password.
    SignIn(sign_in::SignIn),
    /// How fast items are imported and exported, and how much memory that takes.
    Rates(rates::Rates),
    /// What a claim with its submit, and the screens, cost as a project grows.
    Flat(flat::Flat),
    /// So many claims with their submits on one thread, for counting instructions.
    Count(flat::Count),
    /// Cutting one large image into tiles, beside `vips dzsave`.
    Pyramid(pyramid::Pyramid),
}

fn main() -> anyhow::Result<ExitCode> {
    let verb = Command::parse().verb;
    let mut runtime = match &verb {
        Verb::Count(_) => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let passed = runtime.enable_all().build()?.block_on(async {
        match verb {
            Verb::Load(load) => load.run().await,
            Verb::Kill(kill) => kill.run().await,
            Verb::Chaos(chaos) => chaos.run().await,
            Verb::Shift(shift) => shift.run().await,
            Verb::SignIn(sign_in) => sign_in.run().await,
            Verb::Rates(rates) => rates.run().await,
            Verb::Flat(flat) => flat.run().await,
            Verb::Count(count) => count.run().await,
            Verb::Pyramid(pyramid) => pyramid.run(),
        }
    })?;
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line for whoever runs the bench.
#[expect(clippy::print_stdout, reason = "what the program is for")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}
