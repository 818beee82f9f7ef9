//! The domain's rules as grids and vectors.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails by panicking, as the test does")]

mod geometry;
mod policy_grid;
mod schema;
