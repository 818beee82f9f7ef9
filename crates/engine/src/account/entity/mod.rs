//! Rows of this noun. They never leave the engine.

pub(crate) mod idempotency;
pub(crate) mod session;
pub(crate) mod throttle;
pub(crate) mod token;
