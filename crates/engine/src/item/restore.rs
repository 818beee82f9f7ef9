//! Taking a void back.

use super::entity::item;
use super::{access, queries};
use crate::Ctx;
use crate::claim::queries::lock_item;
use crate::claim::settle::settle;
use crate::error::Result;
use crate::event::{self, Event};
use domain::id::ItemId;
use domain::item::{ItemEvent, ItemState};
use domain::policy::Action;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

/// Takes a void back: the item is open for the annotations that it still wants, or labeled when it has them all.
pub async fn restore(ctx: &Ctx, item: ItemId) -> Result<()> {
    let ctx2 = ctx.clone();
    ctx.write(move |tx| {
        Box::pin(async move {
            let (row, _) = access::item(tx, &ctx2, item, Action::Change).await?;
            let now = ctx2.now();
            let mut row = lock_item(tx, row.id, now).await?;
            row.state = queries::advance(tx, &row, ItemEvent::Restored, now).await?.code().to_owned();
            // Its place in the order may lie behind what people have passed: its slots go to the front lane.
            item::Entity::update_many()
                .col_expr(item::Column::Lane, Expr::value(0))
                .filter(item::Column::Id.eq(row.id))
                .exec(tx)
                .await?;
            let state = settle(tx, &row, now).await?.unwrap_or(ItemState::Open);
            let deed = Event {
                person: Some(ctx2.person()),
                project: Some(row.project_id),
                item: Some(row.id),
                kind: "item.restored",
                data: json!({ "to": state.code() }),
            };
            event::record(tx, now, deed).await
        })
    })
    .await
}
