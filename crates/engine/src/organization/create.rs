//! A new organization.

use super::entity::{organization, region};
use crate::Ctx;
use crate::error::{OnUnique, Result};
use crate::event::{self, Event};
use domain::Error;
use domain::error::{Conflict, Noun};
use domain::id::OrganizationId;
use domain::organization::OrganizationView;
use domain::policy::{Action, Resource};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Makes an organization. Refuses an unknown region and a name that is taken.
pub async fn create(ctx: &Ctx, name: String, region: String) -> Result<OrganizationView> {
    ctx.require(Action::Create, Resource::Organizations, Noun::Organization)?;
    let name = checked_name(&name)?;
    let ctx2 = ctx.clone();
    let write = ctx.write(move |tx| {
        Box::pin(async move {
            if region::Entity::find_by_id(region.clone()).one(tx).await?.is_none() {
                return Err(
                    Error::invalid("region", "unknown-region", "没有这个地区。", "There is no such region.").into()
                );
            }
            let id = ctx2.new_id();
            let row = organization::ActiveModel {
                id: Set(id),
                name: Set(name.clone()),
                region: Set(region.clone()),
                created_at: Set(ctx2.now().0),
            };
            let inserted = organization::Entity::insert(row).exec_without_returning(tx).await;
            inserted.on_unique(|| Conflict::NameTaken.into())?;
            let deed = Event {
                person: Some(ctx2.person()),
                project: None,
                item: None,
                kind: "organization.created",
                data: serde_json::json!({ "organization": id, "name": name, "region": region }),
            };
            event::record(tx, ctx2.now(), deed).await?;
            Ok(OrganizationView { id: OrganizationId(id), name, region, teams: Vec::new(), people: 0 })
        })
    });
    write.await
}

/// 1–60 characters without line breaks, trimmed.
pub(crate) fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Error::invalid("name", "out-of-range", "名称须为 1–60 个字。", "A name has 1 to 60 characters.").into())
}
