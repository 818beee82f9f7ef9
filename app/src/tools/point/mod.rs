//! The point tool.

pub mod gesture;
pub mod view;
