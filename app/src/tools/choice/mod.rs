//! The choice tool: picking among options, one or several, flat or as a tree.

pub mod gesture;
