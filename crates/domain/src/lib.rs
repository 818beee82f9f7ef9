//! The rules of Terrace as plain data and pure functions.
//!
//! What it is: identifiers, people and roles, policy, projects, schemas and the checking of values, the life of an
//! item, geometry, text offsets, sampling, statistics, and the views that travel between server and browser.
//! What it never does: input or output, reading a clock, drawing randomness, waiting. It is compiled for the server
//! and for WebAssembly alike, so it depends on `serde` and little else.
//!
//! Start reading at [`item`] (the life of one unit of data), then [`schema`] and [`policy`].
#![warn(missing_docs)]
#![forbid(unsafe_code)]

pub mod account;
pub mod annotation;
pub mod batch;
pub mod claim;
pub mod drawing;
pub mod error;
pub mod export;
pub mod geometry;
pub mod id;
pub mod import;
pub mod item;
pub mod lang;
pub mod organization;
pub mod pixels;
pub mod policy;
pub mod project;
pub mod sampling;
pub mod schema;
pub mod stats;
pub mod text;
pub mod time;

pub use error::{Error, Problem};
pub use lang::{Lang, Words};

/// A page of a list that is read by cursor.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Page<T> {
    /// The rows of this page, in the list's order.
    pub rows: Vec<T>,
    /// Give this back as `after` to read the next page; absent on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of so many rows. One more than these was read where there was one: it tells that there is a next page, which
    /// begins behind the last row's cursor.
    pub fn cut(mut rows: Vec<T>, limit: usize, cursor: impl FnOnce(&T) -> String) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(cursor);
        Self { rows, next }
    }
}
