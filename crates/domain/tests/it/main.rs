//! The domain's rules as grids and vectors.

mod policy_grid;
mod schema;
