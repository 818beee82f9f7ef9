//! Exports: the job that writes a data file and its manifest.
//!
//! The same data gives the same bytes: items in the order of their coming, nothing reads a clock. Read `work` for how
//! the file is written while memory stays flat.

mod create;
pub(crate) mod entity;
mod file;
mod get;
mod list;
mod manifest;
mod queries;
pub(crate) mod work;

pub use create::create;
pub use file::{ExportFile, file};
pub use get::get;
pub use list::list;
pub use manifest::manifest;
