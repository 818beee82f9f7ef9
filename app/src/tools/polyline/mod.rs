//! The polyline tool: open lines.

pub mod gesture;
pub mod view;
