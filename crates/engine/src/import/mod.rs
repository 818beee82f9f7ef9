//! Imports: uploads, and the job that turns them into items.
//!
//! An upload is streamed into a folder of its own and is nothing until it is finished; then a row queues the job. The
//! job goes in groups: the items of a group, its problems and how far it has come are one transaction, so whoever takes
//! the job over after a crash neither loses nor doubles anything. Read `work` for that.

mod begin;
pub(crate) mod entity;
mod get;
pub(crate) mod insert;
mod list;
mod problems_csv;
mod queries;
mod upload;
pub(crate) mod work;

pub use begin::begin;
pub use get::get;
pub use list::list;
pub use problems_csv::problems_csv;
pub use upload::Upload;
pub(crate) use upload::sweep;
