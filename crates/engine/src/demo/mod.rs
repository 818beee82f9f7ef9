//! People, projects and generated data for a first look.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

use crate::Engine;
use crate::error::Result;

/// A sign-in of the demo.
#[derive(Debug, Clone)]
pub struct DemoAccount {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// What the person is.
    pub role: domain::Words,
}

/// Fills an empty data folder; nothing on a filled one.
pub async fn make(engine: &Engine) -> Result<Vec<DemoAccount>> {
    todo!()
}
