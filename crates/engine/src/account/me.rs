//! The caller's own account, as the shell shows it.

use super::arrival::{AccountOf, RolesOf};
use crate::Ctx;
use crate::error::Result;
use crate::person::queries;
use domain::Error;
use domain::account::Me;
use domain::error::Noun;
use domain::policy::{Action, Resource};
use domain::project::ProjectRole;

/// The caller's own account.
pub async fn me(ctx: &Ctx) -> Result<Me> {
    ctx.require(Action::Read, Resource::OwnAccount, Noun::Person)?;
    let (db, arrivals) = (ctx.engine().db(), ctx.engine().arrivals());
    let account = arrivals.accounts.run(db, AccountOf(ctx.person()));
    let (account, roles) = tokio::try_join!(account, arrivals.roles.run(db, RolesOf(ctx.person())))?;
    let account = account.ok_or(Error::SignInRequired)?;
    let has = |role| roles.as_ref().is_some_and(|roles| roles.values().any(|own| *own == role));
    Ok(Me {
        actor: queries::actor(&account.row)?,
        organization_name: account.organization_name,
        team_name: account.team_name,
        annotates: has(ProjectRole::Annotator),
        reviews: has(ProjectRole::Reviewer),
        manages: has(ProjectRole::Manager),
    })
}
