//! The span tool: labeled pieces of a text.

pub mod gesture;
pub mod segment;
