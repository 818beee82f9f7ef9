//! The command `terrace`.

use std::process::ExitCode;

use clap::Parser;
use server::command::{self, Command};

#[tokio::main]
async fn main() -> ExitCode {
    match command::run(Command::parse()).await {
        Ok(code) => code,
        Err(sentence) => {
            command::complain(&sentence);
            ExitCode::from(2)
        }
    }
}
