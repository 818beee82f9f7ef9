//! The mask tool: pixels painted and erased with a round brush.

pub mod gesture;
pub mod view;
