//! Takes a person's role in a project away. What they did there stays.

use super::access;
use super::entity::member;
use crate::Ctx;
use crate::account::rights;
use crate::error::Result;
use crate::event::{self, Event};
use crate::person;
use domain::Error;
use domain::error::Noun;
use domain::id::ProjectId;
use domain::policy::Action;
use sea_orm::EntityTrait;

/// Takes a person's role away.
pub async fn remove_member(ctx: &Ctx, project: ProjectId, username: String) -> Result<()> {
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            access::project(tx, &ctx2, project, Action::Administer).await?;
            let missing = || Error::NotFound(Noun::Member);
            let found = person::queries::by_username(tx, &username).await?.ok_or_else(missing)?;
            rights::changed();
            let removed = member::Entity::delete_by_id((project.0, found.id)).exec(tx).await?;
            if removed.rows_affected == 0 {
                return Err(missing().into());
            }
            let deed = Event {
                person: Some(ctx2.person()),
                project: Some(project.0),
                item: None,
                kind: "member.removed",
                data: serde_json::json!({ "person": found.id }),
            };
            event::record(tx, ctx2.now(), deed).await
        })
    });
    write.await
}
