//! The one place that asks what time it is, so that a test can set it.

use domain::time::Millis;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where the time comes from.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine.
    #[default]
    System,
    /// A time that a test moves.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at this moment until moved.
    pub fn at(moment: Millis) -> Self {
        Clock::Set(Arc::new(AtomicI64::new(moment.0)))
    }

    /// Moves a set clock forward.
    pub fn advance(&self, ms: i64) {
        if let Clock::Set(moment) = self {
            moment.fetch_add(ms, Ordering::SeqCst);
        }
    }

    /// Now.
    pub fn now(&self) -> Millis {
        match self {
            Clock::System => {
                #[expect(clippy::disallowed_methods, reason = "the clock itself")]
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Clock::Set(moment) => Millis(moment.load(Ordering::SeqCst)),
        }
    }
}
