//! Projects: set-up, schema, guideline, members. What is versioned (schema, guideline) is never overwritten.

pub(crate) mod access;
mod change;
mod create;
pub(crate) mod entity;
pub(crate) mod get;
mod import_members;
mod list;
mod markdown;
mod members;
pub(crate) mod queries;
mod remove_member;
mod schema_impact;
pub(crate) mod schemas;
mod set_member;

pub use change::change;
pub use create::create;
pub use get::{get, modality};
pub use import_members::import_members;
pub use list::list;
pub use markdown::render as render_markdown;
pub use members::members;
pub use remove_member::remove_member;
pub use schema_impact::schema_impact;
pub use set_member::set_member;
