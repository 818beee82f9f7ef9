//! The ellipse tool.

pub mod gesture;
pub mod view;
