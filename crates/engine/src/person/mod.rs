//! People: accounts as operators manage them.
#![allow(unused_variables, clippy::todo, clippy::unused_async)]

mod by_name;
pub(crate) mod entity;
#[cfg(feature = "testing")]
mod find_or_make;
pub(crate) mod queries;
pub(crate) mod sheet;
#[cfg(feature = "testing")]
pub(crate) use find_or_make::find_or_make;

pub use by_name::actor_by_name;

use crate::error::Result;
use crate::{Ctx, Engine};
use domain::Page;
use domain::account::{CreatedPerson, NewPerson, PeopleQuery, PersonView, RosterReport};
use domain::id::PersonId;

/// A page of people.
pub async fn list(ctx: &Ctx, query: PeopleQuery) -> Result<Page<PersonView>> {
    todo!()
}
/// Makes an account.
pub async fn create(ctx: &Ctx, new: NewPerson) -> Result<CreatedPerson> {
    todo!()
}
/// Makes accounts from a CSV roster.
pub async fn import_roster(ctx: &Ctx, csv: Vec<u8>) -> Result<RosterReport> {
    todo!()
}
/// Switches an account on or off.
pub async fn set_active(ctx: &Ctx, person: PersonId, active: bool) -> Result<PersonView> {
    todo!()
}
/// Draws a new one-time password.
pub async fn reset_password(ctx: &Ctx, person: PersonId) -> Result<String> {
    todo!()
}
/// Makes an operator from the command line.
pub async fn create_operator(engine: &Engine, username: &str, name: &str, password: &str) -> Result<PersonView> {
    todo!()
}
/// Sets a password from the command line.
pub async fn set_password(engine: &Engine, username: &str, password: &str) -> Result<()> {
    todo!()
}
