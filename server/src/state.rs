//! What every route is handed: the engine, the settings, the counters.

use std::sync::Arc;

use engine::Engine;

use crate::config::Settings;
use crate::metrics::Counters;

/// The running server's parts; a cheap clone.
#[derive(Debug, Clone)]
pub struct Server {
    /// The use cases.
    pub engine: Engine,
    /// The settings.
    pub settings: Arc<Settings>,
    /// What `/metrics` tells.
    pub counters: Arc<Counters>,
}

impl Server {
    /// Puts the parts together.
    pub fn new(engine: Engine, settings: Settings) -> Self {
        Self { engine, settings: Arc::new(settings), counters: Arc::default() }
    }
}
