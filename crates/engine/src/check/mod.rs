//! Audits every rule of the engine over what is stored.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

use crate::Engine;
use crate::error::Result;

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// A sentence for each breach.
    pub breaches: Vec<String>,
    /// What was looked at: noun and number.
    pub counted: Vec<(String, u64)>,
}

/// Audits the database and the blobs.
pub async fn run(engine: &Engine) -> Result<CheckReport> {
    todo!()
}
