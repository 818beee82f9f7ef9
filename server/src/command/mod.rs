//! The command line: a file per verb. Each one opens the engine, calls a use case and says what came of it.

mod backup;
mod check;
mod doctor;
mod person;
mod serve;
mod transfer;

use std::fmt::Display;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use engine::{Config, Engine};

use crate::config::{Flags, Settings};

pub use serve::listen;

/// 梯田 Terrace, a data annotation workbench.
#[derive(Debug, Parser)]
#[command(
    name = "terrace",
    version,
    after_help = "Every setting can be given as a flag, as an environment variable or in terrace.toml; the first of \
                  these that is given wins.\n\nThe first operator: terrace person add NAME --role operator --password-stdin"
)]
pub struct Command {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve the site and the REST interface.
    Serve,
    /// Serve; before that, fill an empty data folder with people, projects and generated data, and print the sign-ins.
    Demo,
    /// Bring the database up to date and end.
    Migrate,
    /// Accounts.
    #[command(subcommand)]
    Person(person::Verb),
    /// Import a file into a project and wait for the end.
    Import(transfer::Import),
    /// Export a project into a file and wait for the end.
    Export(transfer::Export),
    /// Audit every rule over what is stored; exit 1 on a breach.
    Check,
    /// Say how this installation stands; exit 1 when something wants attention.
    Doctor,
    /// Copy the database and the stored files, consistent as of now, while the server runs (SQLite only).
    Backup(backup::Backup),
    /// Put a backup into an empty data folder (SQLite only).
    Restore(backup::Restore),
}

/// Runs the verb.
///
/// # Errors
/// A sentence for the person at the terminal.
pub async fn run(command: Command) -> Result<ExitCode, String> {
    let settings = Settings::read(command.flags)?;
    let traces = crate::trace::begin(&settings)?;
    let code = verb(command.verb, settings).await;
    traces.end().await;
    code
}

async fn verb(verb: Verb, settings: Settings) -> Result<ExitCode, String> {
    let done = |()| ExitCode::SUCCESS;
    match verb {
        Verb::Serve => serve::serve(settings).await.map(done),
        Verb::Demo => serve::demo(settings).await.map(done),
        Verb::Migrate => {
            let engine = open(&settings).await?;
            engine.close().await;
            say("The database is up to date.");
            Ok(ExitCode::SUCCESS)
        }
        Verb::Person(verb) => person::run(&settings, verb).await.map(done),
        Verb::Import(import) => transfer::import(&settings, import).await,
        Verb::Export(export) => transfer::export(&settings, export).await,
        Verb::Check => check::run(&settings).await,
        Verb::Doctor => doctor::run(&settings).await,
        Verb::Backup(wanted) => backup::backup(&settings, wanted).await.map(done),
        Verb::Restore(wanted) => backup::restore(&settings, wanted).await.map(done),
    }
}

/// Opens the engine as the settings say, and brings its database up to date.
///
/// # Errors
/// A sentence, when the data folder or the database cannot be opened.
pub async fn open(settings: &Settings) -> Result<Engine, String> {
    let mut config = Config::new(&settings.data);
    config.database_url = settings.database_url.clone();
    config.bucket.clone_from(&settings.bucket);
    config.pool = settings.pool;
    config.limits.upload_bytes = settings.upload_max;
    config.limits.hold = settings.hold;
    Engine::open(config).await.map_err(|error| match error {
        engine::Error::Refused(refusal) => refusal.to_string(),
        // The person at the terminal is the operator: here the cause is theirs to know.
        engine::Error::Broken(cause) => format!("{} cannot be opened: {cause:#}.", settings.data.display()),
    })
}

/// What a use case refused, in a sentence; a fault with its cause.
fn sentence(error: engine::Error) -> String {
    match error {
        engine::Error::Refused(refusal) => refusal.to_string(),
        engine::Error::Broken(cause) => format!("Something broke: {cause:#}."),
    }
}

/// A line for the person at the terminal, or for a script that waits for it.
#[expect(clippy::print_stdout, reason = "the answer of a command")]
pub fn say(line: impl Display) {
    println!("{line}");
}

/// Why a command came to nothing.
#[expect(clippy::print_stderr, reason = "the answer of a command that failed")]
pub fn complain(sentence: impl Display) {
    eprintln!("terrace: {sentence}");
}
