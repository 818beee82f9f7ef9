//! Taking an own annotation back for correction.

use super::entity::annotation;
use crate::Ctx;
use crate::claim::entity::{claim, rework};
use crate::claim::queries::{self, Left, NewClaim};
use crate::claim::view::views;
use crate::db::Tx;
use crate::error::Result;
use crate::event::{self, Event};
use crate::item::queries::{advance, state};
use crate::project::access::{self, Project};
use domain::Error;
use domain::claim::ClaimView;
use domain::error::{Conflict, Noun};
use domain::id::{AnnotationId, ProjectId};
use domain::item::{ItemEvent, ItemState};
use domain::policy::Action;
use domain::project::Status;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

/// Takes an own annotation back: the caller gets a rework claim whose draft is the submitted value. The annotation
/// itself stays as it is until the correction is submitted; letting the claim go calls the reopening off.
///
/// Refuses with `InReview` once the item went on, with `Changed` when a later revision exists. Reopening what is open
/// already gives the claim that is held.
pub async fn reopen(ctx: &Ctx, annotation: AnnotationId) -> Result<ClaimView> {
    let missing = || Error::NotFound(Noun::Annotation);
    let row = annotation::Entity::find_by_id(annotation.0).one(ctx.read()).await?;
    let row = row.filter(|row| row.person_id == ctx.person() && row.kind == "label").ok_or_else(missing)?;
    let project = access::project(ctx.read(), ctx, ProjectId(row.project_id), Action::Annotate).await?;
    if project.status != Status::Open {
        return Err(Conflict::ProjectClosed.into());
    }
    let ctx2 = ctx.clone();
    let claim = ctx.write(move |tx| Box::pin(async move { reopen_in(tx, &ctx2, &project, row).await })).await?;
    let view = views(ctx.read(), &[claim]).await?.into_iter().next();
    Ok(view.ok_or_else(|| anyhow::anyhow!("claim {claim} is gone"))?)
}

async fn reopen_in(tx: &Tx, ctx: &Ctx, project: &Project, row: annotation::Model) -> Result<Uuid> {
    let (now, person) = (ctx.now(), ctx.person());
    let item = queries::lock_item(tx, row.item_id, now).await?;
    let open = rework::Entity::find()
        .filter(rework::Column::AnnotationId.eq(row.id))
        .filter(rework::Column::State.eq("open"))
        .one(tx)
        .await?;
    let rework = match open {
        Some(open) => {
            let held = claim::Entity::find()
                .filter(claim::Column::ReworkId.eq(open.id))
                .filter(claim::Column::State.eq("live"))
                .one(tx)
                .await?;
            if let Some(held) = held {
                return Ok(held.id);
            }
            open.id
        }
        None => {
            let standing = state(&item)?;
            if !matches!(standing, ItemState::Open | ItemState::Labeled) {
                return Err(Conflict::InReview.into());
            }
            if crate::claim::last_counted(tx, row.item_id, person).await? != Some(row.id) {
                return Err(Conflict::Changed.into());
            }
            if standing == ItemState::Labeled {
                advance(tx, &item, ItemEvent::Reopened, now).await?;
            }
            let id = ctx.new_id();
            let rework = rework::ActiveModel {
                id: Set(id),
                project_id: Set(row.project_id),
                item_id: Set(row.item_id),
                person_id: Set(person),
                annotation_id: Set(row.id),
                batch_id: Set(None),
                reason: Set(None),
                comment: Set(None),
                own: Set(true),
                state: Set("open".to_owned()),
                returned_at: Set(now.0),
                done_at: Set(None),
            };
            rework::Entity::insert(rework).exec_without_returning(tx).await?;
            id
        }
    };
    let new = NewClaim {
        id: ctx.new_id(),
        project: row.project_id,
        item: row.item_id,
        person,
        rework: Some(rework),
        now,
        expires_at: crate::claim::until(project, now),
        left: Some(Left { draft: row.value, active_ms: 0, saved_at: Some(now.0) }),
    };
    let claim = new.id;
    if !queries::insert(tx, new).await? {
        return Err(Conflict::Changed.into());
    }
    let deed = Event {
        person: Some(person),
        project: Some(row.project_id),
        item: Some(row.item_id),
        kind: "item.reopened",
        data: json!({ "annotation": row.id, "claim": claim }),
    };
    event::record(tx, now, deed).await?;
    Ok(claim)
}
