//! Rows of this noun. They never leave the engine.

pub(crate) mod count;
pub(crate) mod guideline;
pub(crate) mod member;
pub(crate) mod project;
pub(crate) mod schema;
