//! Rows of this noun. They never leave the engine.

pub(crate) mod import;
pub(crate) mod problem;
