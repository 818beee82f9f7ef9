//! Items: lists, details, images, and declaring them unusable.
//!
//! Who sees what: managers, reviewers, acceptors and operators every item of the project; annotators only items that
//! they hold or have annotated, and of those only their own work.

mod access;
pub(crate) mod entity;
mod get;
mod image;
mod list;
pub(crate) mod queries;
mod restore;
mod set_void;

pub use get::get;
pub use image::{ItemImage, ItemTile, image, tile};
pub use list::list;
pub use restore::restore;
pub use set_void::set_void;
