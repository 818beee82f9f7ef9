//! Sign-in with user name and password.

use super::password;
use super::throttle::{self, Key};
use crate::Engine;
use crate::db::one_at_a_time;
use crate::error::Result;
use crate::event::{self, Event};
use crate::person::queries;
use domain::Error;
use domain::account::{Actor, PASSWORD_MAX_CHARS};

/// Signs in with user name and password. Refuses wrong credentials, a deactivated account (told only to who knows its
/// password) and, with the seconds to wait, an account or address from which too many tries failed.
pub async fn sign_in(engine: &Engine, address: &str, username: &str, password: &str) -> Result<Actor> {
    let username = username.trim().to_lowercase();
    let (account, address) = (Key::Account(username.clone()), Key::Address(address.to_owned()));
    let keys = [account.clone(), address.clone()];
    throttle::refuse_locked(engine.db().read(), engine.now(), &keys).await?;
    if !domain::account::username_fits(&username) || password.chars().count() > PASSWORD_MAX_CHARS {
        // Nobody can have these, so nothing is hashed, and no row is kept for a name that somebody made up.
        fail(engine, vec![address]).await?;
        return Err(Error::WrongCredentials.into());
    }
    // One place for the whole try: what waits here has not been counted, and is refused once the key is locked.
    let place = password::place(engine).await?;
    reserve(engine, account.clone(), address.clone()).await?;
    let found = queries::by_username(engine.db().read(), &username).await?;
    let stored = found.as_ref().map(|row| row.password_hash.clone());
    let fits = password::fits(engine, password.to_owned(), stored).await?;
    let Some(row) = found.filter(|_| fits) else {
        fail(engine, vec![address]).await?;
        drop(place);
        return Err(Error::WrongCredentials.into());
    };
    drop(place);
    let (engine2, person, active, from) = (engine.clone(), row.id, row.active, address);
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            throttle::clear(tx, &account).await?;
            if active {
                let (Key::Address(from) | Key::Account(from)) = from;
                let deed = Event {
                    person: Some(person),
                    project: None,
                    item: None,
                    kind: "account.signed_in",
                    data: serde_json::json!({ "address": from }),
                };
                event::record(tx, engine2.now(), deed).await?;
            }
            Ok(())
        })
    });
    write.await?;
    if row.active { queries::actor(&row) } else { Err(Error::Deactivated.into()) }
}

/// Counts the try as failed before it is made: a thousand tries at once are no more than five.
pub(super) async fn reserve(engine: &Engine, account: Key, address: Key) -> Result<()> {
    let now = engine.now();
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            // Or a crowd of tries would all look before the first of them is counted.
            one_at_a_time(tx, account.row()).await?;
            throttle::refuse_locked(tx, now, &[account.clone(), address]).await?;
            throttle::count_failure(tx, now, &account).await
        })
    });
    write.await
}

async fn fail(engine: &Engine, keys: Vec<Key>) -> Result<()> {
    let now = engine.now();
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            for key in &keys {
                throttle::count_failure(tx, now, key).await?;
            }
            Ok(())
        })
    });
    write.await
}
