//! Figures by person, organization, region, project and day: read from `day_figures`, which every deed adds to, and from
//! `project_days`, its sums over days that are over. No other table is ever counted for them.

pub(crate) mod close;
mod course;
pub(crate) mod entity;
mod filter;
mod mine;
pub(crate) mod queries;
mod table;
mod wall;

pub use close::close_days;
pub use mine::mine;
pub use table::table;
pub use wall::wall;
