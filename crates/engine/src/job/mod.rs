//! Background jobs: leased rows that any process may take over.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

use crate::Engine;

/// Runs imports and exports in the background until the handle is aborted.
pub fn run(engine: &Engine) -> tokio::task::JoinHandle<()> {
    todo!()
}
