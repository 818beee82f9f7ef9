//! The mask tool: pixels painted and erased with a round brush, or by their outline.

pub mod gesture;
pub mod view;
