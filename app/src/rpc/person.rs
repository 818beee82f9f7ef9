//! People.

use crate::error::AppError;
use domain::Page;
use domain::account::{CreatedPerson, NewPerson, PeopleQuery, PersonView, RosterReport};
use domain::id::PersonId;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{ctx, told};

/// People, a page at a time.
#[server(prefix = "/rpc", endpoint = "list_people", input = Json, output = Json)]
pub async fn list_people(query: PeopleQuery) -> Result<Page<PersonView>, AppError> {
    told(engine::person::list(&ctx()?, query).await)
}

/// Makes an account.
#[server(prefix = "/rpc", endpoint = "create_person", input = Json, output = Json)]
pub async fn create_person(person: NewPerson) -> Result<CreatedPerson, AppError> {
    told(engine::person::create(&ctx()?, person).await)
}

/// Makes the accounts of a roster.
#[server(prefix = "/rpc", endpoint = "import_roster", input = Json, output = Json)]
pub async fn import_roster(csv: String) -> Result<RosterReport, AppError> {
    told(engine::person::import_roster(&ctx()?, csv.into_bytes()).await)
}

/// Switches an account on or off.
#[server(prefix = "/rpc", endpoint = "set_person_active", input = Json, output = Json)]
pub async fn set_person_active(person: PersonId, active: bool) -> Result<PersonView, AppError> {
    told(engine::person::set_active(&ctx()?, person, active).await)
}

/// Draws a new one-time password.
#[server(prefix = "/rpc", endpoint = "reset_person_password", input = Json, output = Json)]
pub async fn reset_person_password(person: PersonId) -> Result<String, AppError> {
    told(engine::person::reset_password(&ctx()?, person).await)
}
