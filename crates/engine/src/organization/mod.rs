//! Organizations, teams and regions: made by operators, seen by all, never removed, because figures hang on them.

mod create;
mod create_team;
pub(crate) mod entity;
mod list;
mod seed;

pub use create::create;
pub use create_team::create_team;
pub(crate) use create_team::insert as insert_team;
pub(crate) use list::active_people;
pub use list::{list, regions};
pub(crate) use seed::seed_regions;
