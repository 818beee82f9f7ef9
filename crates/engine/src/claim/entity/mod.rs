//! Rows of this noun. They never leave the engine.

pub(crate) mod claim;
pub(crate) mod rework;
