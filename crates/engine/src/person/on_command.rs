//! What the command line does to accounts. It asks for no actor: who can run it can read the database.

use super::create;
use super::queries;
use super::reset_password::replace;
use crate::Engine;
use crate::account::password::{self, Origin};
use crate::error::Result;
use domain::Error;
use domain::account::{PersonView, PlatformRole};
use domain::error::Noun;

/// Makes an operator whose password lasts.
pub async fn create_operator(engine: &Engine, username: &str, name: &str, password: &str) -> Result<PersonView> {
    make(engine, username, name, password, PlatformRole::Operator).await
}

/// Makes an account whose password lasts.
pub(crate) async fn make(
    engine: &Engine,
    username: &str,
    name: &str,
    password: &str,
    role: PlatformRole,
) -> Result<PersonView> {
    let username = username.trim().to_lowercase();
    let mut problems = create::check_username(&username);
    problems.extend(password::check("password", &username, password));
    let name = match create::checked_name(name) {
        Ok(name) if problems.is_empty() => name,
        Ok(_) => return Err(problems.into()),
        Err(problem) => {
            problems.push(problem);
            return Err(problems.into());
        }
    };
    let hash = password::hash(engine, password.to_owned(), Origin::Chosen).await?;
    let (now, row) = (engine.now(), create::row(engine.new_id(), engine.now(), username, name, role, hash)?);
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            create::insert(tx, None, now, row.clone()).await?;
            queries::view(tx, row).await
        })
    });
    write.await
}

/// Sets a password that lasts, and ends the sessions and tokens of the account.
pub async fn set_password(engine: &Engine, username: &str, password: &str) -> Result<()> {
    let found = queries::by_username(engine.db().read(), username).await?;
    let found = found.ok_or(Error::NotFound(Noun::Person))?;
    if let Some(problem) = password::check("password", &found.username, password) {
        return Err(vec![problem].into());
    }
    let hash = password::hash(engine, password.to_owned(), Origin::Chosen).await?;
    let now = engine.now();
    let write = engine.db().write(move |tx| Box::pin(async move { replace(tx, None, now, &found, hash, false).await }));
    write.await
}
