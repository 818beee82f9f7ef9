//! The polygon tool: closed outlines.

pub mod gesture;
pub mod view;
