//! The rotated box tool: rectangles turned about their centre.

pub mod gesture;
pub mod view;
