//! Rows of this noun. They never leave the engine.

pub(crate) mod inspection;
pub(crate) mod sample;
pub(crate) mod verdict;
