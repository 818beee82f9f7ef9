//! Gives a person a role in a project.

use super::access;
use super::entity::member;
use crate::Ctx;
use crate::account::rights;
use crate::db::Tx;
use crate::error::Result;
use crate::event::{self, Event};
use crate::organization::entity::organization;
use crate::person;
use domain::Error;
use domain::error::Noun;
use domain::id::{PersonId, ProjectId};
use domain::policy::Action;
use domain::project::{MemberView, ProjectRole};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

/// Gives a person a role, in place of the one they had.
pub async fn set_member(ctx: &Ctx, project: ProjectId, username: String, role: ProjectRole) -> Result<MemberView> {
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            access::project(tx, &ctx2, project, Action::Administer).await?;
            let found = person::queries::by_username(tx, &username).await?;
            let found = found.ok_or(Error::NotFound(Noun::Person))?;
            write(tx, &ctx2, project.0, found.id, role).await?;
            let organization = match found.organization_id {
                Some(id) => organization::Entity::find_by_id(id).one(tx).await?,
                None => None,
            };
            Ok(MemberView {
                person: PersonId(found.id),
                username: found.username,
                name: found.name,
                organization_name: organization.map(|row| row.name),
                role,
                active: found.active,
            })
        })
    });
    write.await
}

/// Writes the row and the event.
pub(super) async fn write(tx: &Tx, ctx: &Ctx, project: Uuid, person: Uuid, role: ProjectRole) -> Result<()> {
    let row = member::ActiveModel {
        project_id: Set(project),
        person_id: Set(person),
        role: Set(role.code().to_owned()),
        created_at: Set(ctx.now().0),
    };
    let replace = OnConflict::columns([member::Column::ProjectId, member::Column::PersonId])
        .update_column(member::Column::Role)
        .to_owned();
    rights::changed();
    member::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    let deed = Event {
        person: Some(ctx.person()),
        project: Some(project),
        item: None,
        kind: "member.set",
        data: serde_json::json!({ "person": person, "role": role }),
    };
    event::record(tx, ctx.now(), deed).await
}
