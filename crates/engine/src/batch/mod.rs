//! Batches: lots of labeled items that are inspected and decided as one.

pub(crate) mod access;
mod create;
pub(crate) mod entity;
mod get;
mod list;
pub(crate) mod queries;
mod reviewable;

pub use create::create;
pub use get::get;
pub use list::list;
pub use reviewable::reviewable;
