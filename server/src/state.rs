//! What every route is handed: the engine, the settings, the counters.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use engine::Engine;

use crate::config::Settings;
use crate::connections::Open;
use crate::floods::Floods;
use crate::limits::Crowd;
use crate::metrics::Counters;

/// The running server. One pointer, since every layer of every request is handed a clone.
#[derive(Debug, Clone)]
pub struct Server(Arc<Parts>);

/// The running server's parts.
#[derive(Debug)]
pub struct Parts {
    /// The use cases.
    pub engine: Engine,
    /// The settings.
    pub settings: Arc<Settings>,
    /// What `/metrics` tells.
    pub counters: Arc<Counters>,
    /// The connections that are open.
    pub open: Arc<Open>,
    /// The requests that are worked.
    pub crowd: Arc<Crowd>,
    /// Who asks how often.
    pub floods: Arc<Floods>,
    /// The server was asked to end: it is not ready for more.
    pub draining: Arc<AtomicBool>,
}

impl Server {
    /// Puts the parts together.
    pub fn new(engine: Engine, settings: Settings) -> Self {
        let floods = Arc::new(Floods::new(settings.person_rate, settings.address_rate));
        let crowd = Arc::new(Crowd::new(settings.requests));
        let (settings, counters, open, draining) = (Arc::new(settings), Arc::default(), Arc::default(), Arc::default());
        Self(Arc::new(Parts { engine, settings, counters, open, crowd, floods, draining }))
    }
}

impl Deref for Server {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
