//! The box tool: upright rectangles.

pub mod gesture;
pub mod view;
