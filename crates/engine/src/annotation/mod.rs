//! Submitted annotations and the author's own history.

pub(crate) mod entity;
mod history;
pub(crate) mod queries;
mod reopen;

pub use history::history;
pub use reopen::reopen;
