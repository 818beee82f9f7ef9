//! Rows of this noun. They never leave the engine.

pub(crate) mod organization;
pub(crate) mod region;
pub(crate) mod team;
