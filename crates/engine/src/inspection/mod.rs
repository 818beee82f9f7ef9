//! Inspections: a reviewer's pass over a batch. The sample is drawn by a seed that is kept, so that anyone can draw it
//! again; verdicts may be changed until the batch is decided; a decision does all that follows from it in one
//! transaction.

mod access;
mod decide;
pub(crate) mod entity;
mod get;
pub(crate) mod holder;
mod item;
mod judge;
mod open;

pub use decide::decide;
pub use get::get;
pub use item::item;
pub use judge::judge;
pub use open::open;
