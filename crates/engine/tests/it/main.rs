//! The behaviour of each use case through its public function, as different people. One folder per noun.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test fails by panicking, as the test does")]

mod account;
mod annotation;
mod batch;
mod bucket;
mod bulk;
mod check;
mod claim;
mod database;
mod demo;
mod export;
mod import;
mod inspection;
mod item;
mod person;
mod project;
mod room;
mod stats;
