//! Rows of this noun. They never leave the engine.

pub(crate) mod batch;
pub(crate) mod batch_item;
