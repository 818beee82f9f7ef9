//! The command `terrace`.

use std::process::ExitCode;

use clap::Parser;
use server::command::{self, Command};

// A request makes and drops a thousand small things, on whichever thread comes next: an eighth of the processor's time went
// into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
