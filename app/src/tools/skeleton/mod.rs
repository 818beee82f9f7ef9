//! The skeleton tool: the named points of a template, set one after the other.

pub mod gesture;
pub mod view;
