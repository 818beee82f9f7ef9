//! People: accounts as operators manage them. Nobody is ever removed: a deactivated account keeps its history.

mod by_name;
mod create;
pub(crate) mod entity;
#[cfg(feature = "testing")]
mod find_or_make;
mod import_roster;
mod list;
mod on_command;
pub(crate) mod queries;
mod reset_password;
mod set_active;
pub(crate) mod sheet;

pub use by_name::actor_by_name;
pub use create::create;
#[cfg(feature = "testing")]
pub(crate) use find_or_make::find_or_make;
pub use import_roster::import_roster;
pub use list::list;
pub(crate) use on_command::make as make_on_command;
pub use on_command::{create_operator, set_password};
pub use reset_password::reset_password;
pub use set_active::set_active;
