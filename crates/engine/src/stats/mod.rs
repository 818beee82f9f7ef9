//! Figures by person, organization, region, project and day: read from `day_figures`, which every deed adds to.
//! No other table is ever counted for them.

pub(crate) mod entity;
mod mine;
pub(crate) mod queries;
mod table;
mod wall;

pub use mine::mine;
pub use table::table;
pub use wall::wall;
